"""What `matching.scheduling` refuses, item by item, with a code a caller can word in its own language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: a machine-readable code, the item it concerns and an English sentence."""

    code: str
    item: str
    text: str

    def __str__(self) -> str:
        return self.text


class SchedulingError(Exception):
    """Base of every refusal of this library."""


class ProblemError(SchedulingError):
    """A problem (or a schedule file) cannot be used as it stands; `items` lists every fault found."""

    def __init__(self, items: Iterable[Fault]) -> None:
        self.items = tuple(items)
        super().__init__("; ".join(fault.text for fault in self.items))

    @property
    def messages(self) -> list[Fault]:
        """The faults, as a list."""
        return list(self.items)
