"""The last look at the portal, kept for a few seconds: no page waits for one."""

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

import structlog

from app.pages.services.health import Health

log = structlog.get_logger()
KEPT_S = 5.0


class Watch:
    """One per application. `context` opens what a look needs in a thread of its own."""

    def __init__(
        self,
        look: Callable[[], Health],
        context: Callable[[], AbstractContextManager[object]],
        *,
        kept_s: float = KEPT_S,
    ) -> None:
        self._look, self._context, self._kept_s = look, context, kept_s
        self._looking = threading.Lock()
        self._looked_at = -kept_s
        self.latest: Health | None = None

    def look(self) -> Health:
        """Now; or what another thread, or the last second, has just seen."""
        with self._looking:
            if self.latest is None or self._age() > min(1.0, self._kept_s):
                self.latest = self._look()
                self._looked_at = time.monotonic()
            return self.latest

    def glance(self) -> Health | None:
        """What was last seen, at once; one that is old is renewed meanwhile. None before the first."""
        if self._age() >= self._kept_s and not self._looking.locked():
            threading.Thread(target=self._renew, daemon=True).start()
        return self.latest

    def _renew(self) -> None:
        with self._context():
            try:
                self.look()
            except Exception:
                log.exception("the portal could not be looked at")

    def _age(self) -> float:
        return time.monotonic() - self._looked_at
