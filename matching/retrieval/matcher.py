"""Offers for a need: gate first, rank exactly among what passes, explain everything.

One object per process. Writers build a new snapshot and swap it in; readers keep theirs and never wait.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date

import numpy as np

from matching.criteria.gate import count_exclusions, failures
from matching.criteria.table import UNDATED, CriteriaTable
from matching.criteria.types import Criterion, Exclusions, Requirement
from matching.errors import InvalidVector
from matching.retrieval.candidates import best_rows
from matching.retrieval.encoder import Encoder, checked
from matching.retrieval.following import Following
from matching.retrieval.glossary import NO_GLOSSARY, Glossary
from matching.retrieval.index.contract import VectorIndex
from matching.retrieval.index.faiss_index import FaissIndex
from matching.retrieval.lexical import Vocabulary
from matching.retrieval.pair import parts_of
from matching.retrieval.proposals import MatcherSettings, Proposing, fitting_positions
from matching.retrieval.questions import Questions
from matching.retrieval.ranking import FusionSettings, Ranking
from matching.retrieval.reverse import NeedMatch, place_offer
from matching.retrieval.similarity import similar_offers
from matching.retrieval.snapshot import Snapshot, StoredOffer, empty_snapshot, next_snapshot, store
from matching.retrieval.space import placed_width
from matching.retrieval.spelling import Spelling
from matching.retrieval.standings import Asked, Lists, Standings
from matching.retrieval.stems import detect_language
from matching.retrieval.suites import Suite, minimal_suites
from matching.retrieval.text import is_blank, need_text, offer_text
from matching.retrieval.types import Match, MatchResult, Need, Offer, Vectors


class Matcher:
    """The offers in memory, and the questions one can ask about them."""

    def __init__(
        self,
        encoder: Encoder,
        criteria: Sequence[Criterion],
        *,
        settings: MatcherSettings | None = None,
        index: Callable[[int], VectorIndex] = FaissIndex,
        glossary: Glossary = NO_GLOSSARY,
    ) -> None:
        """`index` makes the empty store of vectors of the width it is given; `glossary` reads buyers'
        words.
        """
        self._encoder, self._glossary = encoder, glossary
        self._table = CriteriaTable(criteria)
        self._settings = settings or MatcherSettings()
        self._writing = threading.Lock()
        self._vocabulary, self._spelling = Vocabulary(), Spelling()
        self._questions = Questions(encoder, glossary, self._vocabulary, self._spelling)
        self._following: Following | None = None
        widths = [part.dimension for part in parts_of(encoder)]
        empty = index(placed_width(widths) + 1)
        self._snapshot = empty_snapshot(
            len(self._table.keys), widths, self._vocabulary, empty, len(glossary.functions)
        )

    def __len__(self) -> int:
        return len(self._snapshot)

    def upsert(self, offers: Sequence[Offer], vectors: Mapping[int, Vectors]) -> None:
        """Add or replace offers; `vectors[id]` is float32 [passages, d], a row per text of
        `offer_texts(offer)`.

        An offer whose vectors are not given keeps those it had. Raises InvalidVector or DimensionMismatch,
        and then changes nothing.
        """
        with self._writing:
            changed = {offer.id: self._store(offer, vectors.get(offer.id)) for offer in offers}
            self._snapshot = next_snapshot(self._snapshot, self._vocabulary, changed)

    def remove(self, ids: Collection[int]) -> None:
        """Forget offers; numbers it does not know are left aside."""
        with self._writing:
            self._snapshot = next_snapshot(self._snapshot, self._vocabulary, {}, set(ids))

    def set_need_mean(self, mean: Vectors | None) -> None:
        """Move every need by this mean [d] of needs' vectors; None goes back to those of their registers."""
        self._questions.need_means.give(mean)

    def match(
        self,
        need: Need,
        k: int = 20,
        *,
        kinds: Collection[str] | None = None,
        query_vector: Vectors | None = None,
        day: date = UNDATED,
    ) -> MatchResult:
        """The k best offers among those that meet every requirement on `day`, the near misses and the counts.

        `query_vector` [d] saves encoding the need. Raises EmptyText, UnknownCriterion, InvalidVector.
        """
        return self._proposing(day).match(need, k, kinds, query_vector)

    def search(
        self,
        text: str,
        k: int = 20,
        kinds: Collection[str] | None = None,
        ids: Collection[int] | None = None,
        *,
        fitting: bool = False,
    ) -> list[tuple[int, float]]:
        """The k best offers for a few words, by words and meaning together: pairs of number and score.

        `fitting` keeps those that answer at least possibly: none for nonsense.
        """
        snapshot = self._snapshot
        allowed = snapshot.of_kinds(kinds)
        if ids is not None:
            allowed &= np.isin(snapshot.ids, np.fromiter(ids, np.int64))
        need = Need("", text, language=detect_language(text))
        asked = self._questions.prepare(snapshot, need, None, self._settings.fusion)
        best = best_rows(asked.question, allowed, k)
        if fitting:
            best = best.only(fitting_positions(asked, best))
        return list(zip(snapshot.ids[best.rows].tolist(), best.scores.tolist(), strict=True))

    def count_eligible(
        self,
        requirements: Sequence[Requirement],
        kinds: Collection[str] | None = None,
        *,
        day: date = UNDATED,
    ) -> Exclusions:
        """What the requirements leave and exclude on `day`, without ranking anything."""
        snapshot = self._snapshot
        wanted = snapshot.of_kinds(kinds)
        asked = self._table.normalise(requirements)
        codes = snapshot.cells.on(day)[wanted]
        return count_exclusions(self._table, codes, failures(self._table, codes, asked), asked)

    def explain_pair(
        self, need: Need, offer_id: int, *, query_vector: Vectors | None = None, day: date = UNDATED
    ) -> Match:
        """The arithmetic of one offer for one need, eligible or not (rank 0); raises UnknownOffer."""
        return self._proposing(day).explain_one(need, offer_id, query_vector)

    def needs_for_offer(
        self,
        offer_id: int,
        needs: Mapping[int, Need],
        k: int = 20,
        *,
        kinds: Collection[str] | None = None,
        vectors: Mapping[int, Vectors] | None = None,
        day: date = UNDATED,
    ) -> list[NeedMatch]:
        """The k needs this offer serves best among those it is eligible for on `day`, by the score `match`
        gives it.

        `vectors[need_id]` [d] saves encoding that need. Raises UnknownOffer.
        """
        snapshot, given = self._snapshot, vectors or {}
        row = snapshot.row(offer_id)
        wanted, codes = snapshot.of_kinds(kinds), snapshot.cells.on(day)
        found = []
        for need_id, need in sorted(needs.items()):
            fails = failures(self._table, codes, self._table.normalise(need.requirements))
            if wanted[row] and fails[row] == 0 and not is_blank(need_text(need)):
                ranking = self._rank_all(snapshot, need, given.get(need_id), self._settings.fusion)
                found.append(place_offer(need_id, ranking, wanted & (fails == 0), row))
        return sorted(found, key=lambda match: (-round(match.score, 6), match.need_id))[:k]

    def standings(
        self,
        needs: Mapping[int, Need],
        depths: Mapping[str, int],
        vectors: Mapping[int, Vectors],
        *,
        day: date = UNDATED,
    ) -> Iterator[tuple[int, dict[str, Lists]]]:
        """For each need that has words, the lists that `match` gives for each kind of `depths` (its k).

        `vectors[need_id]` [d] is the need's. Many needs at once cost far less than one after the other.
        """
        snapshot, settings = self._snapshot, self._settings
        beside = (settings.near_misses, settings.kept_out)
        standings = Standings(snapshot, self._table, snapshot.cells.on(day), depths, beside)
        return standings.of(
            Asked(
                need_id,
                self._questions.prepare(snapshot, need, vectors[need_id], settings.fusion).question,
                self._table.normalise(need.requirements),
            )
            for need_id, need in needs.items()
            if not is_blank(need_text(need))
        )

    def followed(
        self,
        needs: Mapping[int, Need],
        depths: Mapping[str, int],
        vectors: Mapping[int, Vectors],
        *,
        day: date = UNDATED,
    ) -> Iterator[tuple[int, dict[str, Lists]]]:
        """As `standings`, in any order, for needs that are asked again after each change: what they need
        for it is kept until the next question, and those left out then are forgotten.
        """
        snapshot = self._snapshot
        if self._following is None or self._following.depths != depths:
            settings = self._settings
            self._following = Following(
                self._table,
                self._questions,
                settings.fusion,
                dict(depths),
                (settings.near_misses, settings.kept_out),
            )
        return self._following.of(snapshot, snapshot.cells.on(day), needs, vectors)

    def similar_offers(
        self, offer_id: int, k: int = 10, *, kinds: Collection[str] | None = None
    ) -> list[tuple[int, float]]:
        """The k offers nearest in meaning to this one: number and cosine. Raises UnknownOffer."""
        return similar_offers(self._snapshot, offer_id, k, None if kinds is None else frozenset(kinds))

    def suites(
        self,
        functions: Mapping[str, Need],
        k: int = 10,
        *,
        kinds: Collection[str] | None = None,
        max_size: int | None = None,
        day: date = UNDATED,
    ) -> list[Suite]:
        """The k best minimal sets of eligible offers that together serve every function (each asked as a
        need).

        An offer serves a function when it is among its `suite_depth` best and scores at least
        `suite_score`.
        """
        settings = self._settings
        candidates = {
            name: {
                match.offer_id: match.score
                for match in self.match(need, settings.suite_depth, kinds=kinds, day=day).matches
                if match.score >= settings.suite_score
            }
            for name, need in functions.items()
        }
        return minimal_suites(candidates, k, max_size=max_size)

    def rank_all(
        self, need: Need, *, query_vector: Vectors | None = None, settings: MatcherSettings | None = None
    ) -> Ranking:
        """Scores and signals of every offer, in the order of their numbers, with no gate: for evaluation."""
        fusion = (settings or self._settings).fusion
        return self._rank_all(self._snapshot, need, query_vector, fusion)

    def _rank_all(
        self, snapshot: Snapshot, need: Need, query_vector: Vectors | None, fusion: FusionSettings
    ) -> Ranking:
        return self._questions.prepare(snapshot, need, query_vector, fusion).question.rank_all()

    def _proposing(self, day: date) -> Proposing:
        return Proposing(self._snapshot, self._table, self._questions, self._settings, day)

    def _store(self, offer: Offer, vectors: Vectors | None) -> StoredOffer:
        if vectors is None:
            known = self._snapshot.find(offer.id)
            if known is None:
                raise InvalidVector(f"offer {offer.id} comes without vectors")
            vectors = known.vectors
        rows = checked(vectors, self._encoder.dimension)
        if not len(rows):
            raise InvalidVector(f"offer {offer.id} has no passage")
        self._spelling.note(offer_text(offer))
        return store(self._table, self._vocabulary, offer, rows, self._glossary)
