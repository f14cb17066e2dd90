"""Watching a run again: the timeline of a log, pictures of it, and a window that plays it."""
