"""Who is busy when, what a day costs its person, and the fewest breaks a person's meetings allow."""

from __future__ import annotations

from matching.scheduling.construct.kempe import bits
from matching.scheduling.model.problem import Problem
from matching.scheduling.model.schedule import Schedule

BREAK_COST = 20
KEPT_EXCHANGES = 50_000  # days whose moves are remembered: some 70 MB
NONE_YET, BUSY, IDLE = range(3)


class Days:
    """Slots (bits) at which each person is busy, and what a day costs."""

    def __init__(self, problem: Problem, schedule: Schedule, ids: list[str]) -> None:
        index = {identifier: n for n, identifier in enumerate(ids)}
        self.busy = [0] * len(ids)
        self.slots = problem.slots
        ends = (*problem.blocks[1:], problem.slots)
        self._block_masks = [
            (1 << end) - (1 << start) for start, end in zip(problem.blocks, ends, strict=True)
        ]
        hosts = {group.id: group.ambassador for group in problem.groups}
        for meeting in schedule.meetings:
            for identifier in (meeting.a, meeting.v):
                self.busy[index[identifier]] |= 1 << meeting.slot
        for group in schedule.groups:
            for identifier in (hosts[group.id], *group.vendors):
                self.busy[index[identifier]] |= 1 << group.slot
        self._known: dict[int, int] = {}
        self._exchanges: dict[tuple[int, int, int], list[tuple[int, int, int]]] = {}

    def cost(self, mask: int) -> int:
        """BREAK_COST x slots for each break, plus one for each idle slot within one."""
        known = self._known.get(mask)
        if known is None:
            known = self._known[mask] = self._compute(mask)
        return known

    def exchanges(self, mask: int, sources: int, free: int) -> list[tuple[int, int, int]]:
        """(from, to, change of cost) of every move of one activity of this day, from a slot of `sources` to
        one of `free` (bits), that leaves the day no dearer."""
        found = self._exchanges.get((mask, sources, free))
        if found is None:
            if len(self._exchanges) >= KEPT_EXCHANGES:
                self._exchanges.clear()
            cost, targets = self.cost(mask), tuple(bits(free))
            moves = (
                (here, there, self.cost(mask ^ (1 << here | 1 << there)) - cost)
                for here in bits(sources)
                for there in targets
            )
            found = self._exchanges[mask, sources, free] = [move for move in moves if move[2] <= 0]
        return found

    def _compute(self, mask: int) -> int:
        total = 0
        for block in self._block_masks:
            busy = mask & block
            if busy:
                runs = (busy & ~(busy << 1)).bit_count()
                spread = busy.bit_length() - (busy & -busy).bit_length() + 1
                total += BREAK_COST * self.slots * (runs - 1) + spread - busy.bit_count()
        return total

    def breaks(self) -> int:
        """Breaks over all people; a break of the programme is none."""
        return sum(self.cost(mask) // (BREAK_COST * self.slots) for mask in self.busy)

    def idle_slots(self) -> int:
        """Idle slots within those breaks."""
        return sum(self.cost(mask) % (BREAK_COST * self.slots) for mask in self.busy)


def fewest_breaks(slots: int, blocks: tuple[int, ...], fixed: int, window: int, count: int) -> int:
    """The fewest breaks of a person busy at `fixed` slots (bits) and at `count` more of its `window`.

    Slot by slot, the cheapest way to have placed so many and to stand so in the block."""
    if not fixed:
        return _fewest_runs(slots, blocks, window, count)
    best = {(0, NONE_YET): 0}
    for slot in range(slots):
        following: dict[tuple[int, int], int] = {}
        for (placed, state), breaks in best.items():
            now = NONE_YET if slot in blocks else state
            choices = []
            if fixed >> slot & 1:
                choices.append((placed, True))
            else:
                choices.append((placed, False))
                if window >> slot & 1 and placed < count:
                    choices.append((placed + 1, True))
            for total, busy in choices:
                then = BUSY if busy else IDLE if now else NONE_YET
                cost = breaks + (busy and now == IDLE)
                if cost < following.get((total, then), cost + 1):
                    following[total, then] = cost
        best = following
    return min(cost for (placed, _), cost in best.items() if placed == count)


def _fewest_runs(slots: int, blocks: tuple[int, ...], window: int, count: int) -> int:
    """Nothing fixed: the longest run of each block costs no break, each further run one."""
    free, further = 0, []
    for start, end in zip(blocks, (*blocks[1:], slots), strict=True):
        runs = f"{window >> start & (1 << end - start) - 1:b}".split("0")
        lengths = sorted(map(len, runs))
        free += lengths.pop()
        further += lengths
    breaks = 0
    for length in sorted(further, reverse=True):
        if free >= count:
            break
        free += length
        breaks += 1
    return breaks
