"""Few breaks at once for given meetings: annealing by Kempe exchanges of two slots (Kirkpatrick et al. 1983).

It proves nothing: the SAT search beside it does, and finds the last breaks that remain."""

from __future__ import annotations

import math
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

from matching.scheduling.breaks.b2b import B2BInstance

FIRST_S = 1.0  # of the first cooling; each next one takes twice as long, from the best
HOT, COLD = 0.6, 0.15  # in breaks
IDLE = 0.02  # of a break, for each idle slot within one: it tells which of two days is nearer to mending
UNEVEN = 3.0  # breaks, for each one beyond the difference allowed
CHECKED = 256  # steps between two looks at the clock


class LocalSearch:
    """Slots of all meetings, always valid but for the difference of breaks between people, paid for."""

    def __init__(self, given: B2BInstance, slots: Sequence[int]) -> None:
        self.given = given
        self.slot = list(slots)
        self.mine = [given.meetings_of(person) for person in range(given.people)]
        self.at: dict[tuple[int, int], int] = {}
        self.mask = [0] * given.people
        self.load = Counter(slots)
        for meeting, (pair, slot) in enumerate(zip(given.pairs, slots, strict=True)):
            for person in pair:
                self.at[person, slot] = meeting
                self.mask[person] |= 1 << slot
        self.before: dict[int, list[int]] = defaultdict(list)
        self.after: dict[int, list[int]] = defaultdict(list)
        for first, second in given.earlier:
            self.after[first].append(second)
            self.before[second].append(first)
        ends = (*given.blocks[1:], given.slots)
        self.blocks = [(1 << end) - (1 << start) for start, end in zip(given.blocks, ends, strict=True)]
        self.known: dict[int, tuple[int, float]] = {}
        self.kept_moves: dict[int, list[tuple[int, int]]] = {}
        self.breaks = Counter(self.day(mask)[0] for mask in self.mask)

    def day(self, mask: int) -> tuple[int, float]:
        """Breaks of a day, and its cost."""
        found = self.known.get(mask)
        if found is None:
            breaks = idle = 0
            for block in self.blocks:
                busy = mask & block
                if busy:
                    breaks += (busy & ~(busy << 1)).bit_count() - 1
                    idle += busy.bit_length() - (busy & -busy).bit_length() + 1 - busy.bit_count()
            found = self.known[mask] = (breaks, breaks + IDLE * idle)
        return found

    def moves(self, mask: int) -> list[tuple[int, int]]:
        """From and to which slot an activity of this day may move without making it dearer."""
        found = self.kept_moves.get(mask)
        if found is None:
            slots, cost = range(self.given.slots), self.day(mask)[1]
            found = self.kept_moves[mask] = [
                (here, there)
                for here in slots
                for there in slots
                if mask >> here & 1 and not mask >> there & 1
                if self.day(mask ^ (1 << here | 1 << there))[1] <= cost
            ]
        return found

    def unevenness(self) -> float:
        """What the spread of breaks costs."""
        if self.given.difference is None:
            return 0.0
        counts = [breaks for breaks, people in self.breaks.items() if people]
        return UNEVEN * max(0, max(counts) - min(counts) - self.given.difference)

    def run(self, told: Callable[[list[int]], None], deadline: float, rng: random.Random) -> None:
        """Tell each better solution, until the deadline or none is left to wish for."""
        best, best_slots = math.inf, list(self.slot)
        cooling = FIRST_S
        while best and time.perf_counter() < deadline:
            started, step, heat = time.perf_counter(), 0, HOT
            while best:
                if step % CHECKED == 0:
                    now = time.perf_counter()
                    if now >= min(deadline, started + cooling):
                        break
                    heat = HOT * (COLD / HOT) ** ((now - started) / cooling)
                step += 1
                if self.step(heat, rng):
                    total = sum(breaks * people for breaks, people in self.breaks.items())
                    if total < best and not self.unevenness():
                        best, best_slots = total, list(self.slot)
                        told(best_slots)
            if best < math.inf:
                self.__init__(self.given, best_slots)  # type: ignore[misc]  # start again from the best
            cooling *= 2

    def step(self, heat: float, rng: random.Random) -> bool:
        """Try one exchange; whether it was made."""
        person = rng.randrange(self.given.people)
        for _ in range(3):  # rather someone whose day can improve
            if self.mine[person] and self.day(self.mask[person])[0]:
                break
            person = rng.randrange(self.given.people)
        if not self.mine[person]:
            return False
        here, there = rng.choice(self.moves(self.mask[person]) or [(0, 0)])
        if here == there:
            return False
        meeting = self.at[person, here]
        if there not in self.given.allowed[meeting]:
            return False
        chain = self.chain(meeting, here, there)
        if chain is None or not self.in_order(chain, here, there):
            return False
        change, days = self.change(chain, here, there)
        if change > 0 and rng.random() >= math.exp(-change / heat):
            self.count(days, -1)
            return False
        self.exchange(chain, here, there, days)
        return True

    def chain(self, meeting: int, here: int, there: int) -> list[int] | None:
        """Meetings to exchange with this one; None where a window or the tables forbid it."""
        found, queue = {meeting}, [meeting]
        shift = 0
        for one in queue:
            now = self.slot[one]
            other = there if now == here else here
            if other not in self.given.allowed[one]:
                return None
            shift += 1 if now == here else -1
            for person in self.given.pairs[one]:
                next_one = self.at.get((person, other))
                if next_one is not None and next_one not in found:
                    found.add(next_one)
                    queue.append(next_one)
        tables = self.given.tables
        if self.load[there] + shift > tables[there] or self.load[here] - shift > tables[here]:
            return None
        return queue

    def in_order(self, chain: list[int], here: int, there: int) -> bool:
        """Whether what must come before still does."""
        if not self.given.earlier:
            return True
        new = {meeting: there if self.slot[meeting] == here else here for meeting in chain}
        return all(
            all(new.get(other, self.slot[other]) < slot for other in self.before[meeting])
            and all(new.get(other, self.slot[other]) > slot for other in self.after[meeting])
            for meeting, slot in new.items()
        )

    def change(self, chain: list[int], here: int, there: int) -> tuple[float, list[tuple[int, int, int]]]:
        """The change of cost, already counted in the spread, and the days: person, mask before and after."""
        people = Counter(person for meeting in chain for person in self.given.pairs[meeting])
        flip = 1 << here | 1 << there  # with both slots busy a day stays as it is
        days = [(p, self.mask[p], self.mask[p] ^ flip) for p, times in people.items() if times == 1]
        before = self.unevenness()
        self.count(days, 1)
        return (
            sum(self.day(new)[1] - self.day(old)[1] for _, old, new in days) + self.unevenness() - before,
            days,
        )

    def count(self, days: list[tuple[int, int, int]], sign: int) -> None:
        """Count the days in the spread of breaks, or take them out again."""
        for _, old, new in days:
            self.breaks[self.day(old)[0]] -= sign
            self.breaks[self.day(new)[0]] += sign

    def exchange(self, chain: list[int], here: int, there: int, days: list[tuple[int, int, int]]) -> None:
        """Move the meetings of the chain."""
        for meeting in chain:
            for person in self.given.pairs[meeting]:
                self.at.pop((person, self.slot[meeting]), None)
        for meeting in chain:
            now = self.slot[meeting]
            other = there if now == here else here
            self.slot[meeting] = other
            self.load[now] -= 1
            self.load[other] += 1
            for person in self.given.pairs[meeting]:
                self.at[person, other] = meeting
        for person, _, mask in days:
            self.mask[person] = mask
