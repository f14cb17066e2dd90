"""Stands in for a process that is so busy that it does not answer."""

import time

time.sleep(60)
