"""What a run may spend: seconds, units of work (counted, hence replayable), and the caller's patience."""

from __future__ import annotations

import time
from collections.abc import Callable

DEFAULT_WORK = 30.0
STEPS_PER_UNIT = 20_000


class Budget:
    """One unit of work is about a second of CP-SAT's deterministic time, or STEPS_PER_UNIT search steps.

    With a work limit alone the run depends on its seed only. Without any limit, DEFAULT_WORK applies."""

    def __init__(
        self, time_limit_s: float | None, work_limit: float | None, should_stop: Callable[[], bool] | None
    ) -> None:
        self.started = time.perf_counter()
        self.time_limit_s = time_limit_s
        self.work_limit = DEFAULT_WORK if work_limit is None and time_limit_s is None else work_limit
        self.work = 0.0
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
        return self.seconds_left == 0.0 or self.stopped()

    def spend(self, units: float) -> None:
        """Count work done."""
        self.work += units

    def is_spent(self) -> bool:
        """Whether nothing more may be tried."""
        return self.cancelled() or (self.work_limit is not None and self.work >= self.work_limit)
