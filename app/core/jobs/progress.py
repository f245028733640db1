"""How far a job that counts its parts is, as its heartbeats tell."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Counted:
    """`total` is None until the first heartbeat."""

    done: int = 0
    total: int | None = None


def counted(progress: Mapping[str, object]) -> Counted:
    """What is stored of a job, whatever its handler tells beside."""
    done, total = progress.get("done"), progress.get("total")
    if not isinstance(done, int) or not isinstance(total, int):
        return Counted()
    return Counted(done, total)
