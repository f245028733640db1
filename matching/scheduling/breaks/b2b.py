"""Meetings already chosen, whose slots are to be found: anyone may meet anyone (no sides)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from matching.scheduling.model.errors import Fault, ProblemError

MORNING, AFTERNOON = 1, 2


@dataclass(frozen=True, slots=True)
class B2BInstance:
    """`allowed[m]`: slots (from 0) of meeting m; `earlier`: pairs (m, n) where m must come before n;
    `difference`: how many breaks any two people may differ by (None: no matter)."""

    people: int
    slots: int
    tables: tuple[int, ...]
    pairs: tuple[tuple[int, int], ...]
    allowed: tuple[frozenset[int], ...]
    earlier: tuple[tuple[int, int], ...] = ()
    difference: int | None = 2
    blocks: tuple[int, ...] = field(default=(0,))

    def meetings_of(self, person: int) -> list[int]:
        """Meetings of one person, in order."""
        return [meeting for meeting, pair in enumerate(self.pairs) if person in pair]


def read_dzn(path: Path, difference: int | None = 2) -> B2BInstance:
    """An instance of the published B2B benchmark (MiniZinc data); raises ProblemError where it is not one."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ProblemError(
            [Fault("unreadable_file", path.name, f"{path}: cannot be read ({error})")]
        ) from error
    fields = dict(re.findall(r"(\w+)\s*=\s*([^;]*);", text))
    try:
        return _build(fields, difference)
    except (KeyError, ValueError, IndexError) as error:
        fault = Fault("bad_instance", path.name, f"{path}: is no B2B instance ({error!r})")
        raise ProblemError([fault]) from error


def _build(fields: dict[str, str], difference: int | None) -> B2BInstance:
    people, slots = int(fields["nBusiness"]), int(fields["nTotalSlots"])
    count, morning = int(fields["nMeetings"]), int(fields["nMorningSlots"])
    numbers = _integers(fields["requested"])
    rows = [numbers[start : start + 3] for start in range(0, len(numbers), 3)]
    if len(rows) != count or any(not 1 <= p <= people for row in rows for p in row[:2]):
        raise ValueError("the requested meetings do not match nMeetings and nBusiness")
    forbidden = [{slot - 1 for slot in found if slot} for found in _sets(fields["forbidden"])]
    fixed = _integers(fields["fixed"]) if "fixed" in fields else [0] * count
    halves = {MORNING: set(range(morning)), AFTERNOON: set(range(morning, slots))}
    allowed = []
    for (first, second, session), slot in zip(rows, fixed, strict=True):
        choice = {slot - 1} if slot else set(halves.get(session, range(slots)))
        allowed.append(frozenset(choice - forbidden[first - 1] - forbidden[second - 1]))
    earlier = [
        (before - 1, meeting)
        for meeting, found in enumerate(_sets(fields.get("precedences", "")))
        for before in found
        if before
    ]
    return B2BInstance(
        people,
        slots,
        (int(fields["nTables"]),) * slots,
        tuple((row[0] - 1, row[1] - 1) for row in rows),
        tuple(allowed),
        tuple(earlier),
        difference,
    )


def _integers(text: str) -> list[int]:
    return [int(found) for found in re.findall(r"-?\d+", text)]


def _sets(text: str) -> list[list[int]]:
    return [_integers(found) for found in re.findall(r"\{([^}]*)\}", text)]
