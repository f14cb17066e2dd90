"""Thorp itself: what stands where, quarter by quarter."""
