"""Simulated time: lanes, the schedule that orders them, the scenario clock and named random streams."""
