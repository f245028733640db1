"""Breaks as clauses: slots of given meetings, who is busy when, and where each break ends.

A break of a person ends where it is busy, was not just before, and was at some earlier slot of the block.
Model of our own after the problem of Bofill et al. (JAIR 2022)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matching.scheduling.breaks.b2b import B2BInstance

PAIRWISE_UP_TO = 5
COUNTED = 10


class BreaksModel:
    """`clauses`; `at[m][t]`, the variable of a meeting at a slot; `ends`, one variable per possible break."""

    def __init__(self, given: B2BInstance, *, count_people: bool = True) -> None:
        from pysat.card import CardEnc, EncType, ITotalizer  # heavy

        self.given = given
        self.count_people = count_people  # tables counted on people, two a meeting, or on meetings
        self.cards: Any = CardEnc
        self.kinds: Any = EncType
        self.top = 0
        self.clauses: list[list[int]] = []
        self.definitions: list[tuple[int, int, int, int]] = []
        self.at = [{slot: self._new() for slot in sorted(slots)} for slots in given.allowed]
        for variables in self.at:
            self._exactly_one(list(variables.values()))
        self.busy = [self._busy_of(person) for person in range(given.people)]
        self._limit_tables()
        for before, after in given.earlier:
            self._order(before, after)
        ends = [self._ends_of(person) for person in range(given.people)]
        self.ends = [variable for mine in ends for variable in mine]
        if given.difference is not None:
            self._limit_difference(ends, given.difference)
        if self.ends:
            self.counter: Any = ITotalizer(lits=self.ends, ubound=COUNTED, top_id=self.top)
            self.top = self.counter.top_id
            self.clauses += self.counter.cnf.clauses

    def at_most(self, breaks: int) -> tuple[list[int], list[list[int]]]:
        """Assumptions that hold the breaks to at most this, and the clauses they need from now on.

        Few breaks are counted at first: counting all there could be makes the model five times larger."""
        if breaks >= len(self.ends):
            return [], []
        more: list[list[int]] = []
        if breaks >= len(self.counter.rhs):
            self.counter.increase(ubound=min(2 * breaks, len(self.ends) - 1), top_id=self.top)
            self.top = max(self.top, self.counter.top_id)
            more = self.counter.cnf.clauses[-self.counter.nof_new :]
        return [-self.counter.rhs[breaks]], more

    def slots_of(self, values: Sequence[int]) -> list[int]:
        """Slot of each meeting in a solution given as signed variables."""
        return [next(slot for slot, x in row.items() if values[x - 1] > 0) for row in self.at]

    def _new(self) -> int:
        self.top += 1
        return self.top

    def _at_most(self, variables: list[int], limit: int) -> None:
        if len(variables) <= limit:
            return
        kind = self.kinds.seqcounter
        if limit == 1 and len(variables) <= PAIRWISE_UP_TO:
            kind = self.kinds.pairwise
        found = self.cards.atmost(lits=variables, bound=limit, top_id=self.top, encoding=kind)
        self.top = max(self.top, found.nv)
        self.clauses += found.clauses

    def _exactly_one(self, variables: list[int]) -> None:
        self.clauses.append(list(variables))
        self._at_most(variables, 1)

    def _busy_of(self, person: int) -> list[int]:
        """Variables: is the person in a meeting at each slot."""
        meetings = self.given.meetings_of(person)
        busy = [self._new() for _ in range(self.given.slots)]
        for slot, variable in enumerate(busy):
            here = [self.at[meeting][slot] for meeting in meetings if slot in self.at[meeting]]
            self.clauses.append([-variable, *here])
            self.clauses += [[-x, variable] for x in here]
            self._at_most(here, 1)
        if 0 < len(meetings) <= len(busy):
            self._count(busy, len(meetings))
        return busy

    def _count(self, variables: list[int], count: int) -> None:
        """Exactly `count`: implied, but it lets the solver reason on one person alone."""
        found = self.cards.equals(
            lits=variables, bound=count, top_id=self.top, encoding=self.kinds.seqcounter
        )
        self.top = max(self.top, found.nv)
        self.clauses += found.clauses

    def _limit_tables(self) -> None:
        for slot, tables in enumerate(self.given.tables):
            here = [row[slot] for row in self.at if slot in row]
            if tables == 0:
                self.clauses += [[-x] for x in here]
            elif self.count_people:
                self._at_most([person[slot] for person in self.busy], 2 * tables)
            else:
                self._at_most(here, tables)

    def _order(self, before: int, after: int) -> None:
        for slot, x in self.at[after].items():
            self.clauses.append([-x, *(y for other, y in self.at[before].items() if other < slot)])

    def _ends_of(self, person: int) -> list[int]:
        """Variables forced where a break of the person ends (idle groups across two blocks do not count)."""
        busy = self.busy[person]
        if len(self.given.meetings_of(person)) < 2:
            return []
        ends = []
        started: int | None = None
        opens = set(self.given.blocks)
        for slot in range(self.given.slots):
            if slot in opens:
                started = None
            elif started is not None and slot - 1 not in opens:
                end = self._new()
                self.clauses.append([-started, busy[slot - 1], -busy[slot], end])
                self.definitions.append((end, started, busy[slot - 1], busy[slot]))
                ends.append(end)
            if started is None:
                started = busy[slot]
            else:
                later = self._new()
                self.clauses += [[-started, later], [-busy[slot], later], [started, busy[slot], -later]]
                started = later
        if self.given.blocks == (0,):
            self._hold_together(busy, ends, len(self.given.meetings_of(person)))
        return ends

    def _hold_together(self, busy: list[int], ends: list[int], count: int) -> None:
        """Implied: without a break, `count` meetings lie within as many slots; it saves much search."""
        broken = self._new()
        self.clauses.append([-broken, *ends])
        self.clauses += [
            [broken, -busy[first], -later]
            for first in range(len(busy) - count)
            for later in busy[first + count :]
        ]

    def _limit_difference(self, ends: list[list[int]], difference: int) -> None:
        """Nobody has `difference` breaks more than anyone: one with j + d + 1 needs all to have j + 1."""
        from pysat.card import ITotalizer

        outputs: list[list[int]] = []
        for mine in ends:
            if not mine:
                outputs.append([])
                continue
            counter = ITotalizer(lits=mine, ubound=len(mine), top_id=self.top)
            self.top = max(self.top, counter.top_id)
            self.clauses += counter.cnf.clauses
            outputs.append(list(counter.rhs))
            counter.delete()
        least = min(len(output) for output in outputs)
        for mine in outputs:
            for level in range(len(mine) - difference):
                if level >= least:
                    self.clauses.append([-mine[level + difference]])
        if least > 0:
            self._link_levels(ends, outputs, difference, least)

    def _link_levels(
        self, ends: list[list[int]], outputs: list[list[int]], difference: int, least: int
    ) -> None:
        """Where all could have a break: with one at d + 1 above a level, all must be at it."""
        for end, started, before, now in self.definitions:
            self.clauses += [[-end, started], [-end, -before], [-end, now]]
        for level in range(least):
            everyone = self._new()
            for person, mine in enumerate(outputs):
                if level + difference < len(mine):
                    self.clauses.append([-mine[level + difference], everyone])
                real = self._at_least(ends[person], level + 1)
                self.clauses.append([-everyone, real])

    def _at_least(self, variables: list[int], count: int) -> int:
        """A variable that implies at least `count` of them."""
        chosen = self._new()
        found = self.cards.atleast(
            lits=variables, bound=count, top_id=self.top, encoding=self.kinds.seqcounter
        )
        self.top = max(self.top, found.nv)
        self.clauses += [[-chosen, *clause] for clause in found.clauses]
        return chosen
