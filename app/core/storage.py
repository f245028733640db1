"""Files kept under the hash of their content, outside what the web serves: nobody's name is ever a path."""

import hashlib
import os
import re
import secrets
import time
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import BinaryIO

_SHA256 = re.compile(r"[0-9a-f]{64}")
_BLOCK = 1 << 20
GRACE_S = 3600
"""Seconds before a file that no row names is one that a failed request left."""


class HashedFiles:
    """A folder of files named by their SHA-256; what arrives waits in `incoming` until it is kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.incoming = folder / "incoming"

    def receive(self, source: BinaryIO) -> tuple[Path, str]:
        """Copy what arrives, block by block, to a place of its own: where, and its SHA-256."""
        self.incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.incoming / secrets.token_hex(16)
        digest = hashlib.sha256()
        try:
            path.touch(mode=0o600, exist_ok=False)
            with path.open("wb") as kept:
                while block := source.read(_BLOCK):
                    digest.update(block)
                    kept.write(block)
                kept.flush()
                os.fsync(kept.fileno())
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return path, digest.hexdigest()

    def keep(self, path: Path, sha256: str) -> None:
        """Put what was received in its place; the same content is there once."""
        target = self.path_of(sha256)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.replace(target)
        os.utime(target)  # what is wanted again is not swept meanwhile

    def path_of(self, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise ValueError("not a SHA-256")
        return self.folder / sha256[:2] / sha256

    def sweep(self, wanted: Collection[str]) -> int:
        """Remove what no row names and failed requests left, once GRACE_S old; answers how many."""
        old = [path for path in self._files() if path.name not in wanted and _age_s(path) > GRACE_S]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    def _files(self) -> Iterator[Path]:
        return (path for path in self.folder.glob("*/*") if path.is_file())


def _age_s(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime  # the files' own clock, which no test freezes
    except FileNotFoundError:  # removed meanwhile by another process
        return 0.0
