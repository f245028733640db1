"""The differences between what was published and a repair, each with its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from matching.scheduling.model.problem import Problem
from matching.scheduling.repair.model import Found
from matching.scheduling.repair.standing import Pair, Standing


@dataclass(frozen=True, slots=True)
class Change:
    """One meeting of the difference: dropped (`to` None), added (`origin` None) or moved, and why.

    `by`: what takes the place of one given up, or the place of which one added takes."""

    a: str
    v: str
    origin: int | None
    to: int | None
    reason: str
    by: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SessionChange:
    """A session moved (`origin` and `to` differ), or attended by others; `to` None: it cannot be held."""

    id: str
    origin: int | None
    to: int | None
    joined: tuple[str, ...]
    left: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Lost:
    """A pinned meeting or a session (`v` None) that was asked for and cannot be kept, and why."""

    a: str
    v: str | None
    reason: str


def paid_changes(stands: Standing, filled: Found, found: Found) -> tuple[int, Counter[str]]:
    """How many changes a repair pays for, beside one that moves nobody, and how many each person sees."""
    paid, people = 0, Counter[str]()
    for pair, slot in stands.old.items():
        now = found.meetings.get(pair)
        stood = filled.meetings.get(pair) == slot and pair in stands.meetings
        if now != slot and (stood or now is not None):
            paid += 1
            people.update(pair)
    for name, slot in stands.groups.items():
        before, after = filled.committed.groups.get(name), found.committed.groups.get(name)
        if before is None or before[0] != slot:
            continue
        stays = after is not None and after[0] == slot
        paid += not stays
        people[stands.hosts[name]] += not stays
        for vendor in before[1]:
            if (name, vendor) in stands.seats and (not stays or vendor not in (after or (0, ()))[1]):
                paid += stays
                people[vendor] += 1
    return paid, people


def meeting_changes(
    problem: Problem, stands: Standing, filled: Found, found: Found
) -> tuple[tuple[Change, ...], tuple[Change, ...], tuple[Change, ...]]:
    """Dropped, moved and added meetings."""
    slots = found.meetings
    given_up = {
        pair: slot
        for pair, slot in stands.meetings.items()
        if pair not in slots and filled.meetings.get(pair) == slot
    }
    new = {pair: slot for pair, slot in slots.items() if stands.old.get(pair) != slot}
    standing = Counter(stands.meetings.values())
    dropped, moved, added = [], [], []
    for pair, slot in stands.old.items():
        if pair in slots:
            continue
        if pair in given_up:
            dropped.append(
                Change(*pair, slot, None, "gives way to a better meeting", _beside(pair, slot, new))
            )
        else:
            crowded = standing[slot] > problem.tables[slot]
            given = "no table is left" if crowded else "makes way for what must be held"
            dropped.append(Change(*pair, slot, None, stands.lost.get(pair, given)))
    for pair, slot in slots.items():
        origin = stands.old.get(pair)
        if origin is None:
            by = _beside(pair, slot, given_up)
            reason = "takes the place of another" if by else "fills a freed slot"
            added.append(Change(*pair, None, slot, reason, by))
        elif origin != slot:
            stood = filled.meetings.get(pair) == origin
            moved.append(Change(*pair, origin, slot, "makes room for more" if stood else "its slot is lost"))
    return tuple(dropped), tuple(moved), tuple(added)


def session_changes(
    stands: Standing, before: Mapping[str, tuple[str, ...]], found: Found
) -> tuple[SessionChange, ...]:
    """Sessions that move, end, or see vendors join or leave."""
    changes = []
    for name in sorted(before.keys() | found.committed.groups.keys()):
        origin = stands.old_groups.get(name)
        to, vendors = found.committed.groups.get(name, (None, ()))
        joined = tuple(sorted(set(vendors) - set(before.get(name, ()))))
        left = tuple(sorted(set(before.get(name, ())) - set(vendors)))
        if origin == to and not joined and not left:
            continue
        absent = [stands.lost[name, v] for v in left if (name, v) in stands.lost]
        chosen = "fills freed seats" if joined else "makes room for more"
        reason = stands.lost.get((name,)) or next(iter(absent), chosen)
        changes.append(SessionChange(name, origin, to, joined, left, reason))
    return tuple(changes)


def _beside(pair: Pair, slot: int, others: Mapping[Pair, int]) -> tuple[Pair, ...]:
    """Of these meetings, those of the same two people at the same slot."""
    return tuple(sorted(o for o, at in others.items() if at == slot and (o[0] == pair[0] or o[1] == pair[1])))
