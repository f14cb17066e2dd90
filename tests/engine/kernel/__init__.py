"""Tests of lanes, schedules and the kernel."""
