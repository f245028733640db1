"""Slots for chosen meetings: list edge colouring by Kempe chains, keeping windows and tables.

Exchanging two slots along an alternating chain moves only meetings whose people already sit at one of the
two; only the people at its ends need to attend the other. With everybody present this never fails (König);
under windows the problem is NP-hard (Even, Itai, Shamir 1976) and what fails is left to ejection chains."""

from __future__ import annotations

from collections.abc import Iterator

from matching.scheduling.construct.grid import Grid


def colour(grid: Grid, meetings: list[int]) -> list[int]:
    """Place the meetings, those with fewest slots first; return the ones that found none."""
    instance = grid.instance
    order = sorted(meetings, key=lambda m: (instance.allowed[m].bit_count(), -instance.value[m]))
    return [meeting for meeting in order if not insert(grid, meeting)]


def insert(grid: Grid, meeting: int) -> bool:
    """Place one meeting, moving others along one or two chains where needed; False where that fails."""
    instance = grid.instance
    a, v = instance.first[meeting], instance.second[meeting]
    if grid.count[a] >= instance.high[a] or grid.count[v] >= instance.high[v]:
        return False
    common = grid.free[a] & grid.free[v]
    if not instance.seated[meeting]:
        if common:
            grid.place(meeting, (common & -common).bit_length() - 1)
            return True
    elif common & grid.open:
        grid.place(meeting, grid.roomiest(common & grid.open))
        return True
    return _by_chain(grid, meeting, a, v) or _by_room(grid, meeting, common)


def _by_chain(grid: Grid, meeting: int, a: int, v: int) -> bool:
    """Free at v a slot free at a, or the reverse, by one chain."""
    instance = grid.instance
    seat = instance.seated[meeting]
    for fixed, moved in ((a, v), (v, a)):
        busy = instance.window[moved] & ~grid.free[moved]
        for target in bits(grid.free[fixed] & busy):
            for spare in bits(grid.free[moved] & instance.window[moved]):
                chain = chain_from(grid, moved, target, spare)
                if chain is None:
                    continue
                shift = _shift(grid, chain, target)
                if grid.load[target] - shift + seat > max(instance.capacity[target], 0):
                    continue
                if shift and grid.load[spare] + shift > instance.capacity[spare]:
                    continue
                grid.swap(chain, target, spare)
                grid.place(meeting, target)
                return True
    return False


def _by_room(grid: Grid, meeting: int, common: int) -> bool:
    """At a slot free to both but full, move one unit of load to a slot with a table left."""
    if not grid.instance.seated[meeting]:
        return False
    people = (grid.instance.first[meeting], grid.instance.second[meeting])
    for target in bits(common):
        if make_room(grid, target, people):
            grid.place(meeting, target)
            return True
    return False


def make_room(grid: Grid, full: int, people: tuple[int, int]) -> bool:
    """Free one table at a slot by a chain towards a slot with tables left.

    These people are free at the full slot and stay so: a chain ending at one of them would seat it there."""
    if grid.instance.capacity[full] <= 0:
        return False
    for other in bits(grid.open & ~(1 << full)):
        seen: set[int] = set()
        for meeting in sorted(grid.held[full]):
            if meeting in seen:
                continue
            chain = component(grid, meeting, full, other)
            if chain is None:
                continue
            seen.update(chain)
            if _shift(grid, chain, full) == 1 and not _touches(grid, chain, people):
                grid.swap(chain, full, other)
                return True
    return False


def bits(mask: int) -> Iterator[int]:
    """The slots of a mask, ascending."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def _touches(grid: Grid, chain: list[int], people: tuple[int, int]) -> bool:
    """Whether a meeting of the chain is of one of these two people, of side A and of side V."""
    first, second = grid.instance.first, grid.instance.second
    return any(first[m] == people[0] or second[m] == people[1] for m in chain)


def _shift(grid: Grid, chain: list[int], source: int) -> int:
    """Tables that leave `source` when the chain is exchanged (negative: tables that arrive)."""
    seated, slot = grid.instance.seated, grid.slot
    return sum((1 if slot[m] == source else -1) for m in chain if seated[m])


def chain_from(grid: Grid, person: int, one: int, other: int) -> list[int] | None:
    """The alternating chain of a person busy at `one`, free at `other`; None if its end cannot attend."""
    instance, at, width = grid.instance, grid.at, grid.instance.slots
    first, second = instance.first, instance.second
    chain: list[int] = []
    here, there = one, other
    while True:
        meeting = at[person * width + here]
        if meeting < 0:
            return chain if instance.window[person] >> here & 1 else None
        chain.append(meeting)
        person = first[meeting] + second[meeting] - person
        here, there = there, here


def component(grid: Grid, meeting: int, one: int, other: int) -> list[int] | None:
    """The whole alternating chain or cycle through a meeting at `one`; None if an end cannot attend."""
    instance, at, width = grid.instance, grid.at, grid.instance.slots
    first, second = instance.first, instance.second
    found = [meeting]
    for start in (first[meeting], second[meeting]):
        person, here, there = start, other, one
        while True:
            follower = at[person * width + here]
            if follower < 0:
                if not instance.window[person] >> here & 1:
                    return None
                break
            if follower == meeting:
                return found
            found.append(follower)
            person = first[follower] + second[follower] - person
            here, there = there, here
    return found
