"""Tests of the log and the run folder."""
