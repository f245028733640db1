"""Where many needs stand, followed: after a change of offers, only what the change can move is ranked.

Of each need a pool is kept: the offers that may be among its first, more of them than are listed, with their
similarities and the words they share with the need, which an unchanged offer keeps. After a change those of
the pool and the offers that changed are scored again, exactly. Any other offer scored at most the floor of
its list when the pool was made. Since then the rarity of words, their mean number and the spread of
similarities have moved, by how much is bounded: where the last one listed scores more than the floor and the
bound together, no other can be listed. Where that cannot be said, the need is ranked anew among all offers.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from matching.criteria.cells import Codes
from matching.criteria.gate import failures, single_failures
from matching.criteria.table import CriteriaTable
from matching.criteria.types import Requirement
from matching.retrieval.pools import Need as Followed
from matching.retrieval.pools import Pool, Terms, block_of, pool_of, scored
from matching.retrieval.questions import Questions
from matching.retrieval.ranking import SCORE_DECIMALS, Floats, FusionSettings, Rows, ask, top_rows
from matching.retrieval.snapshot import Snapshot
from matching.retrieval.standings import Asked, Listed, Lists, Standings
from matching.retrieval.stopwatch import Stopwatch
from matching.retrieval.text import is_blank, need_text
from matching.retrieval.types import Need, Vectors

SPARE = 16
"""How many offers a pool holds beyond each list."""
MOST_CHANGED = 64
"""Changed offers that a need compares one by one; beyond, it is ranked anew."""
MOST_HELD = 4_096
ROUNDING = 3 * 10.0**-SCORE_DECIMALS


@dataclass(frozen=True, slots=True)
class _Kept:
    """A need as it was asked, with its pool, and how many words were known; None once all of its own are."""

    need: Need
    given: Vectors
    requirements: tuple[Requirement, ...]
    pool: Pool
    words_known: int | None


@dataclass(frozen=True, slots=True)
class _Moment:
    """What every need is compared with."""

    snapshot: Snapshot
    codes: Codes
    standings: Standings


class Following:
    """The pools of the needs asked last; one change after the other, for one thread at a time."""

    def __init__(
        self,
        table: CriteriaTable,
        questions: Questions,
        fusion: FusionSettings,
        depths: Mapping[str, int],
        beside: tuple[int, int],
    ) -> None:
        self._table, self._questions, self._fusion = table, questions, fusion
        self.depths, self._beside = depths, beside
        self._snapshot: Snapshot | None = None
        self._codes: Codes = np.empty((0, 0), np.int8)
        self._changed: dict[int, int] = {}
        self._round = 0
        self._kept: dict[int, _Kept] = {}
        self._lock = threading.Lock()
        self.anew = 0
        """Needs ranked among all offers at the last question."""

    def of(
        self, snapshot: Snapshot, codes: Codes, needs: Mapping[int, Need], vectors: Mapping[int, Vectors]
    ) -> Iterator[tuple[int, dict[str, Lists]]]:
        """The lists of each need that has words, as `Standings` gives them; others are forgotten."""
        with self._lock:
            self._follow(snapshot, codes)
            standings = Standings(snapshot, self._table, codes, self.depths, self._beside)
            moment = _Moment(snapshot, codes, standings)
            asked = {number: need for number, need in needs.items() if not is_blank(need_text(need))}
            self._kept = {number: kept for number, kept in self._kept.items() if number in asked}
            anew: dict[int, Need] = {}
            for number, need in asked.items():
                lists = self._followed(moment, number, need, vectors[number])
                if lists is None:
                    anew[number] = need
                else:
                    yield number, lists
            self.anew = len(anew)
            yield from self._ranked(moment, anew, vectors)

    def _follow(self, snapshot: Snapshot, codes: Codes) -> None:
        """Note which offers are others than at the last question."""
        old, before = self._snapshot, self._codes
        self._snapshot, self._codes = snapshot, codes
        if old is None or old.space is not snapshot.space:
            self._kept, self._changed = {}, {}
            return
        if old is snapshot and before is codes:
            return
        self._round += 1
        self._changed |= dict.fromkeys(_differing(old, before, snapshot, codes), self._round)

    def _followed(self, moment: _Moment, number: int, need: Need, given: Vectors) -> dict[str, Lists] | None:
        """The lists of a need from its pool, brought up to date; None where it must be ranked anew."""
        kept = self._kept.get(number)
        if kept is None or kept.need != need or not np.array_equal(kept.given, given):
            return None
        kept = self._with_words(moment.snapshot, kept)
        if kept is None:
            return None
        pool, snapshot = kept.pool, moment.snapshot
        if pool.seen < self._round:
            gone = np.array([one for one, seen in self._changed.items() if seen > pool.seen], np.int64)
            rows = _rows_of(snapshot, np.sort(gone))
            if len(gone) > MOST_CHANGED or len(pool.block.ids) + len(rows) > MOST_HELD:
                return None
            come = block_of(snapshot, rows, pool.asked, self._fusion)
            pool = replace(pool, block=pool.block.merged(gone, come), seen=self._round)
        self._kept[number] = replace(kept, pool=pool)
        found = scored(snapshot, pool.asked, pool.block, pool.bounds, self._fusion)
        return found and self._lists(moment, kept.requirements, pool, *found)

    def _with_words(self, snapshot: Snapshot, kept: _Kept) -> _Kept | None:
        """The same with words that offers have brought since; None where the need is then read otherwise."""
        if kept.words_known in (None, snapshot.lexical.words_known):
            return kept
        asked = kept.pool.asked
        if self._questions.corrected(asked.told.reading) != asked.told.stems:
            return None
        asked = replace(asked, terms=Terms.of(snapshot.lexical, asked.told))
        return replace(kept, pool=replace(kept.pool, asked=asked), words_known=_unsure(snapshot, asked))

    def _lists(
        self, moment: _Moment, requirements: tuple[Requirement, ...], pool: Pool, scores: Floats, drift: float
    ) -> dict[str, Lists] | None:
        snapshot, ids = moment.snapshot, pool.block.ids
        rows = np.searchsorted(snapshot.ids, ids)
        codes = moment.codes[rows]
        fails = failures(self._table, codes, requirements)
        masks, kinds = (fails == 0, single_failures(fails), fails != 0), snapshot.kinds[rows]
        cells = codes[:, [self._table.column(requirement.criterion) for requirement in requirements]]
        floors, found = iter(pool.bounds.floors), {}
        for kind, depth in self.depths.items():
            of_kind, lists = kinds == snapshot.names.get(kind, -1), []
            for mask, length in zip(masks, (depth, *self._beside), strict=True):
                best, floor = top_rows(scores, of_kind & mask, length), next(floors)
                if np.isfinite(floor):
                    last = scores[best].min() if len(best) == length else -np.inf
                    if last <= floor + drift + ROUNDING:
                        return None
                lists.append(_listed(ids[best].tolist(), cells[best].tolist()))
            found[kind] = Lists(*lists)
        return found

    def _ranked(
        self, moment: _Moment, needs: Mapping[int, Need], vectors: Mapping[int, Vectors]
    ) -> Iterator[tuple[int, dict[str, Lists]]]:
        followed: dict[int, Followed] = {}

        def asked() -> Iterator[Asked]:
            for number, need in needs.items():
                told = self._questions.understand(moment.snapshot, need, vectors[number], Stopwatch())
                followed[number] = Followed(told, need.language, Terms.of(moment.snapshot.lexical, told))
                question = ask(
                    moment.snapshot,
                    told.vector,
                    told.stems,
                    need.language,
                    self._fusion,
                    functions=told.columns,
                )
                yield Asked(number, question, self._table.normalise(need.requirements))

        for one, ranked in moment.standings.ranked(asked(), SPARE):
            read = followed.pop(one.need_id)
            self._kept.pop(one.need_id, None)
            if len(ranked.ranking.rows) <= MOST_HELD:
                pool = pool_of(moment.snapshot, read, one.question, ranked, self._round)
                unsure, need = _unsure(moment.snapshot, read), needs[one.need_id]
                self._kept[one.need_id] = _Kept(need, vectors[one.need_id], one.requirements, pool, unsure)
            yield one.need_id, ranked.lists


def _unsure(snapshot: Snapshot, asked: Followed) -> int | None:
    """How many words are known, where the need has one that is not."""
    return snapshot.lexical.words_known if (asked.terms.numbers < 0).any() else None


def _differing(old: Snapshot, before: Codes, new: Snapshot, codes: Codes) -> list[int]:
    """Offers added, removed or replaced, and those whose criteria are answered otherwise."""
    both, was, now = np.intersect1d(old.ids, new.ids, assume_unique=True, return_indices=True)
    other = np.fromiter(
        (one is not another for one, another in zip(old.stored[was], new.stored[now], strict=True)),
        np.bool_,
        len(both),
    )
    if before is not codes:
        other |= (before[was] != codes[now]).any(axis=1)
    apart = np.setxor1d(old.ids, new.ids, assume_unique=True)
    return [*both[other].tolist(), *apart.tolist()]


def _rows_of(snapshot: Snapshot, ids: Rows) -> Rows:
    """Rows of those that are there."""
    return np.flatnonzero(np.isin(snapshot.ids, ids))


def _listed(ids: list[int], cells: list[list[int]]) -> Listed:
    return tuple((offer_id, tuple(held)) for offer_id, held in zip(ids, cells, strict=True))
