"""The arithmetic of a score as a page shows it: rounded parts that add up to the rounded score."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import floor
from typing import Any

DECIMALS = 3


@dataclass(frozen=True, slots=True)
class Addend:
    """One line of the sum; `shown` is the rounded `contribution`, `raw` what was measured."""

    label: str
    shown: float
    raw: float
    normalised: float
    weight: float


def addends(
    contributions: Sequence[Mapping[str, Any]], score: float, label: Callable[[str], str]
) -> list[Addend]:
    """The contributions of a score, in their order; `label` names a signal."""
    shown = parts_of(score, [part["contribution"] for part in contributions])
    return [
        Addend(label(part["signal"]), rounded, part["raw"], part["normalised"], part["weight"])
        for part, rounded in zip(contributions, shown, strict=True)
    ]


def parts_of(total: float, parts: Sequence[float], decimals: int = DECIMALS) -> list[float]:
    """The parts rounded so that they add up to the rounded total: largest remainders are rounded up."""
    scale = 10**decimals
    units = [floor(part * scale) for part in parts]
    missing = round(total * scale) - sum(units)
    by_remainder = sorted(range(len(parts)), key=lambda i: units[i] - parts[i] * scale)
    for i in by_remainder[: max(missing, 0)]:
        units[i] += 1
    return [unit / scale for unit in units]
