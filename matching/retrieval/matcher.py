"""Offers for a need: gate first, rank exactly among what passes, explain everything.

One object per process. Writers build a new snapshot and swap it in; readers keep theirs and never wait.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date

import numpy as np

from matching.criteria.gate import count_exclusions, failures, single_failures
from matching.criteria.table import UNDATED, CriteriaTable
from matching.criteria.types import Criterion, Exclusions, Requirement
from matching.errors import EmptyText, InvalidVector
from matching.retrieval.candidates import best_rows
from matching.retrieval.encoder import Encoder, checked
from matching.retrieval.explain import explain, near_miss
from matching.retrieval.fit import best_fit, calibration, tempered
from matching.retrieval.glossary import NO_GLOSSARY, Glossary
from matching.retrieval.index.contract import VectorIndex
from matching.retrieval.index.faiss_index import FaissIndex
from matching.retrieval.lexical import Vocabulary
from matching.retrieval.need_means import NeedMeans
from matching.retrieval.pair import parts_of
from matching.retrieval.ranking import FusionSettings, Question, Ranking, ask
from matching.retrieval.reading import read_need
from matching.retrieval.reverse import NeedMatch, place_offer
from matching.retrieval.similarity import similar_offers
from matching.retrieval.snapshot import Snapshot, StoredOffer, empty_snapshot, next_snapshot, store
from matching.retrieval.space import placed_width
from matching.retrieval.standings import Asked, Lists, Standings
from matching.retrieval.stems import detect_language
from matching.retrieval.stopwatch import Stopwatch
from matching.retrieval.suites import Suite, minimal_suites
from matching.retrieval.text import is_blank, need_text
from matching.retrieval.types import (
    Fit,
    Match,
    MatchResult,
    Need,
    Offer,
    Reading,
    Vectors,
)


@dataclass(frozen=True, slots=True)
class MatcherSettings:
    """Choices of a matcher; every result carries them."""

    near_misses: int = 10
    suite_depth: int = 8
    suite_score: float = 1.5
    fusion: FusionSettings = field(default_factory=FusionSettings)


FEW_WORDS = 3
"""Under it, words that no offer knows make no need: nonsense, digits, signs."""
Judge = Callable[[Mapping[str, float]], tuple[Fit, float]]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A need ready to be ranked for: how it was read, its place `vector` [w] and its `stems`."""

    question: Question
    vector: Vectors
    stems: tuple[str, ...]
    reading: Reading
    judge: Judge


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
        self._columns = {function.key: column for column, function in enumerate(glossary.functions)}
        self._table = CriteriaTable(criteria)
        self._settings = settings or MatcherSettings()
        self._writing = threading.Lock()
        self._vocabulary = Vocabulary()
        widths = [part.dimension for part in parts_of(encoder)]
        empty = index(placed_width(widths) + 1)
        self._snapshot = empty_snapshot(
            len(self._table.keys), widths, self._vocabulary, empty, len(self._columns)
        )
        self._need_means = NeedMeans(parts_of(encoder))

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
        self._need_means.give(mean)

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
        snapshot, clock = self._snapshot, Stopwatch()
        requirements = self._table.normalise(need.requirements)
        wanted = snapshot.of_kinds(kinds)
        codes = snapshot.cells.on(day)
        fails = failures(self._table, codes, requirements)
        eligible = wanted & (fails == 0)
        exclusions = count_exclusions(self._table, codes[wanted], fails[wanted], requirements)
        clock.lap("gate")
        asked = self._ask(snapshot, need, query_vector, clock=clock)
        question = asked.question
        best = best_rows(question, eligible, k)
        short = best_rows(question, wanted & single_failures(fails), self._settings.near_misses)
        clock.lap("rank")
        matches = tuple(
            explain(
                snapshot,
                self._table,
                best,
                position,
                rank=position + 1,
                vector=asked.vector,
                stems=asked.stems,
                requirements=requirements,
                day=day,
                judge=asked.judge,
            )
            for position in range(len(best.rows))
        )
        matches = tuple(
            replace(match, fit=tempered(match.fit, match.score / max(matches[0].score, 1e-9)))
            for match in matches
        )
        self._assert_eligible(matches)
        misses = tuple(
            near_miss(snapshot, self._table, short, position, requirements=requirements, day=day)
            for position in range(len(short.rows))
        )
        clock.lap("explain")
        return MatchResult(
            matches,
            misses,
            exclusions,
            clock.laps,
            self._parameters(best, k, kinds),
            asked.reading,
            best_fit(match.fit for match in matches),
        )

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
        asked = self._ask(snapshot, need, None)
        best = best_rows(asked.question, allowed, k)
        found = list(zip(snapshot.ids[best.rows].tolist(), best.scores.tolist(), strict=True))
        if not fitting or not found:
            return found
        first = max(found[0][1], 1e-9)
        told = (
            {part.signal: part.normalised for part in best.contributions(place)}
            for place in range(len(found))
        )
        fits = (asked.judge(signals)[0] for signals in told)
        return [
            pair
            for pair, fit in zip(found, fits, strict=True)
            if tempered(fit, pair[1] / first) is not Fit.WEAK
        ]

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
        snapshot = self._snapshot
        row = snapshot.row(offer_id)
        asked = self._ask(snapshot, need, query_vector)
        return explain(
            snapshot,
            self._table,
            asked.question.rank(np.array([row])),
            0,
            rank=0,
            vector=asked.vector,
            stems=asked.stems,
            requirements=self._table.normalise(need.requirements),
            day=day,
            judge=asked.judge,
        )

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
        snapshot, near = self._snapshot, self._settings.near_misses
        standings = Standings(snapshot, self._table, snapshot.cells.on(day), depths, near)
        return standings.of(
            Asked(
                need_id,
                self._ask(snapshot, need, vectors[need_id]).question,
                self._table.normalise(need.requirements),
            )
            for need_id, need in needs.items()
            if not is_blank(need_text(need))
        )

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
        return self._ask(snapshot, need, query_vector, fusion=fusion).question.rank_all()

    def _ask(
        self,
        snapshot: Snapshot,
        need: Need,
        given: Vectors | None,
        *,
        fusion: FusionSettings | None = None,
        clock: Stopwatch | None = None,
    ) -> Prepared:
        """The need read, encoded unless its vector is `given`, and made a question of."""
        clock = clock or Stopwatch()
        if is_blank(need_text(need)):
            raise EmptyText("the need holds nothing to search with")
        reading = read_need(need, self._glossary)
        clock.lap("read")
        raw = self._encoded(reading.text, given)
        vector = snapshot.space.place(raw[None], self._need_means.of(raw))[0]
        clock.lap("encode")
        stems = self._vocabulary.corrected(reading.stems)
        named = dict.fromkeys([*reading.functions, *self._glossary.named_by(stems)])
        columns = [self._columns[key] for key in named]
        settings = fusion or self._settings.fusion
        question = ask(snapshot, vector, stems, need.language, settings, functions=columns)
        clock.lap("words")
        known = snapshot.lexical.rarity(snapshot.lexical.known(stems)) / max(
            snapshot.lexical.rarity(stems), 1e-9
        )
        return Prepared(
            question, vector, stems, replace(reading, functions=tuple(named)), self._judge(known, raw, stems)
        )

    def _store(self, offer: Offer, vectors: Vectors | None) -> StoredOffer:
        if vectors is None:
            known = self._snapshot.find(offer.id)
            if known is None:
                raise InvalidVector(f"offer {offer.id} comes without vectors")
            vectors = known.vectors
        rows = checked(vectors, self._encoder.dimension)
        if not len(rows):
            raise InvalidVector(f"offer {offer.id} has no passage")
        return store(self._table, self._vocabulary, offer, rows, self._glossary)

    def _encoded(self, text: str, given: Vectors | None) -> Vectors:
        raw = self._encoder.encode_queries([text]) if given is None else given
        encoded: Vectors = checked(raw, self._encoder.dimension)[0]
        return encoded

    def _judge(self, known: float, vector: Vectors, stems: Sequence[str]) -> Judge:
        """How well an offer fits this need, from what each signal says of the offer; a need whose words are
        all unknown, or that has none, is answered by nothing.
        """
        told = calibration(self._encoder.fingerprint)
        of_need = {"known": known, "subject": told.subject_of(vector)}

        says_nothing = not known and len(stems) < FEW_WORDS

        def judge(signals: Mapping[str, float]) -> tuple[Fit, float]:
            if says_nothing:
                return Fit.WEAK, 0.0
            evidence = {**signals, **of_need, "lexical": min(signals["lexical"], 1.0)}
            probability = told.probability(evidence)
            return told.fit(probability), probability

        return judge

    def _assert_eligible(self, matches: Sequence[Match]) -> None:
        """The gate again, from the facts themselves rather than the columns."""
        for match in matches:
            if not all(outcome.passes for outcome in match.outcomes):
                raise AssertionError(f"offer {match.offer_id} was proposed and is not eligible")

    def _parameters(self, ranking: Ranking, k: int, kinds: Collection[str] | None) -> dict[str, object]:
        return {
            "encoder": self._encoder.fingerprint,
            "k": k,
            "kinds": sorted(kinds) if kinds is not None else None,
            "need_mean": self._need_means.source(),
            "weights": {name: signal.weight for name, signal in ranking.signals.items()},
            "settings": asdict(self._settings),
        }
