"""Files kept for a short while between two requests, under a random name only the sender's session knows."""

import re
import secrets
import time
from pathlib import Path

LIFETIME_S = 3600
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


class Uploads:
    """A folder of files that disappear after `lifetime_s`."""

    def __init__(self, data_dir: Path, *, lifetime_s: float = LIFETIME_S) -> None:
        self.folder = data_dir / "uploads"
        self.lifetime_s = lifetime_s

    def keep(self, data: bytes) -> str:
        """Write the file and answer its name; files that are too old are removed first."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in self.folder.iterdir():
            if self._is_old(path):
                path.unlink(missing_ok=True)
        token = secrets.token_urlsafe(24)
        path = self.folder / token
        path.touch(mode=0o600)
        path.write_bytes(data)
        return token

    def find(self, token: str) -> bytes | None:
        """Content of a file that is still there and not too old."""
        path = self.folder / token
        if not _TOKEN.fullmatch(token) or not path.is_file() or self._is_old(path):
            return None
        return path.read_bytes()

    def forget(self, token: str) -> None:
        if _TOKEN.fullmatch(token):
            (self.folder / token).unlink(missing_ok=True)

    def _is_old(self, path: Path) -> bool:
        try:
            written_at = path.stat().st_mtime
        except FileNotFoundError:  # removed meanwhile by another request
            return False
        return time.time() - written_at > self.lifetime_s  # the files' own clock, which no test freezes
