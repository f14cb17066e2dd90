"""Signals end a run where nothing is half done; the second one ends it at once."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from engine.errors import Interrupted
from engine.stopping import StopSignals


@pytest.mark.parametrize(("number", "reason"), [(signal.SIGINT, "by hand"), (signal.SIGTERM, "by SIGTERM")])
def test_a_signal_waits_until_it_is_asked_for(number: signal.Signals, reason: str) -> None:
    before = signal.getsignal(number)
    with StopSignals() as signals:
        signals.check()
        os.kill(os.getpid(), number)
        with pytest.raises(Interrupted, match=reason):
            signals.check()
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), number)
    assert signal.getsignal(number) is before


def test_other_threads_leave_signals_alone() -> None:
    before = signal.getsignal(signal.SIGINT)
    found = []

    def work() -> None:
        with StopSignals() as signals:
            signals.check()
            found.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [before]
