"""Whole towns of any population, made by a script and written as ordinary files: `write_town` in `write.py`."""
