"""Thorp put together: what users write and run, from rooms that do not know each other. `run_sim.py` enters here."""
