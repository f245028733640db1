"""What a run may spend: seconds, units of work (counted, hence replayable), and the caller's patience."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from typing import TypeVar

DEFAULT_WORK = 30.0
STEPS_PER_UNIT = 20_000
POLL_S = 0.05

T = TypeVar("T")


class Budget:
    """One unit of work is about a second of CP-SAT's deterministic time, or STEPS_PER_UNIT search steps.

    As long as neither the clock nor the caller cuts it short (`was_cut`), a run depends on its seed and its
    work limit only. Without any limit, DEFAULT_WORK applies."""

    def __init__(
        self, time_limit_s: float | None, work_limit: float | None, should_stop: Callable[[], bool] | None
    ) -> None:
        self.started = time.perf_counter()
        self.time_limit_s = time_limit_s
        self.work_limit = DEFAULT_WORK if work_limit is None and time_limit_s is None else work_limit
        self.work = 0.0
        self.was_cut = False
        self._should_stop = should_stop

    @property
    def elapsed_s(self) -> float:
        """Seconds since the start."""
        return time.perf_counter() - self.started

    @property
    def seconds_left(self) -> float | None:
        """Seconds before the time limit, None without one."""
        return None if self.time_limit_s is None else max(0.0, self.time_limit_s - self.elapsed_s)

    def stopped(self) -> bool:
        """Whether the caller asked to stop."""
        return self._should_stop is not None and self._should_stop()

    def half(self) -> Budget:
        """A budget of half of what is left, with the same patience."""
        seconds, work = self.seconds_left, self.work_limit
        return Budget(
            None if seconds is None else seconds / 2,
            None if work is None else (work - self.work) / 2,
            self._should_stop,
        )

    def cancelled(self) -> bool:
        """Whether the caller asked to stop or the seconds are spent."""
        cut = self.seconds_left == 0.0 or self.stopped()
        self.was_cut = self.was_cut or cut
        return cut

    @contextmanager
    def within(self, seconds: float | None) -> Iterator[None]:
        """Note whether what is done here was ended by its own limit of seconds."""
        started = time.perf_counter()
        yield
        if seconds is not None and time.perf_counter() - started >= seconds:
            self.was_cut = True

    def wait_for(self, call: Callable[[], T], stop: Callable[[], object] | None = None) -> T | None:
        """The result of a solver's call that releases the interpreter; None where cancelled meanwhile.

        `stop` asks the solver to end with its best, which is then the result; without it a cancelled call is
        left behind and ends at its own limits."""
        if self._should_stop is None and self.time_limit_s is None:
            return call()
        if stop is None and self.cancelled():
            return None
        found: Future[T] = Future()

        def work() -> None:
            try:
                found.set_result(call())
            except Exception as error:  # noqa: BLE001 - raised again where the result is read
                found.set_exception(error)

        threading.Thread(target=work, daemon=True).start()
        while not wait([found], POLL_S).done:
            if self.cancelled():
                if stop is None:
                    return None
                stop()
        return found.result()

    def spend(self, units: float) -> None:
        """Count work done."""
        self.work += units

    def is_spent(self) -> bool:
        """Whether nothing more may be tried."""
        return self.cancelled() or (self.work_limit is not None and self.work >= self.work_limit)
