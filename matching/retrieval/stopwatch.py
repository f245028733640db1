"""Where the time of a run goes."""

from __future__ import annotations

from time import perf_counter


class Stopwatch:
    """Milliseconds spent in each stage, and in total."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._started = self._last = perf_counter()

    def lap(self, stage: str) -> None:
        """Close a stage."""
        now = perf_counter()
        self.laps[stage] = (now - self._last) * 1000
        self.laps["total"] = (now - self._started) * 1000
        self._last = now
