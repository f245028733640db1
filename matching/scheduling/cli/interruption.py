"""Ctrl-C, SIGTERM and the limit of seconds: the run stops with its best, within a second.

A run asked to stop ends by itself nearly always. Where a solver's call does not let go, `rescue` writes the
best known and the process ends. A second Ctrl-C ends at once, with nothing written."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

PATIENCE_S = 0.7


class Stop:
    """Whether the run is asked to stop, and by whom."""

    def __init__(self, rescue: Callable[[], int] | None) -> None:
        self.asked = threading.Event()
        self.by_signal = False
        self.lock = threading.Lock()  # held while an answer is written: one answer, whoever writes it
        self._rescue = rescue
        self._timers: list[threading.Timer] = []

    def __call__(self) -> bool:
        return self.asked.is_set()

    def now(self, *, by_signal: bool = False) -> None:
        """Ask to stop, and wait no longer than patience."""
        self.by_signal = self.by_signal or by_signal
        self.asked.set()
        if self._rescue is not None:
            self.after(PATIENCE_S, self._give_up)

    def after(self, seconds: float, call: Callable[[], None]) -> None:
        """Call from another thread in so many seconds, unless the run has ended."""
        timer = threading.Timer(seconds, call)
        timer.daemon = True
        self._timers.append(timer)
        timer.start()

    def close(self) -> None:
        """The run has ended."""
        for timer in self._timers:
            timer.cancel()

    def _give_up(self) -> None:
        with self.lock:
            code = self._rescue() if self._rescue is not None else 1
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)


@contextmanager
def stop_on_signal(rescue: Callable[[], int] | None = None, limit_s: float | None = None) -> Iterator[Stop]:
    """Stop at a signal, or once the limit is over; signals are handled as before on leaving.

    `rescue` writes the best known and returns the exit code."""
    stop = Stop(rescue)
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def handle(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, before[signal.Signals(number)])
        stop.now(by_signal=True)

    for number in before:
        signal.signal(number, handle)
    if limit_s is not None and rescue is not None:
        stop.after(limit_s, stop.now)
    try:
        yield stop
    finally:
        stop.close()
        for number, handler in before.items():
            signal.signal(number, handler)
