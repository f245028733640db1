"""The systems compared on a set: the full engine, its words alone, its meaning alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.evaluation.metrics import average, measure
from matching.evaluation.sets import EvaluationSet
from matching.evaluation.vectors import VectorCache
from matching.retrieval.encoder import Encoder
from matching.retrieval.matcher import Matcher, MatcherSettings
from matching.retrieval.ranking import FusionSettings, Ranking, top_rows
from matching.retrieval.text import need_text, offer_texts
from matching.retrieval.types import Vectors
from matching.retrieval.vectors import estimate_mean

DEPTH = 100
SYSTEMS = ("full", "bm25", "dense")
NEED_MEAN = "the set's other needs"

Orders = Mapping[str, Mapping[str, Sequence[str]]]
"""System or signal -> query -> documents, best first."""


@dataclass(frozen=True, slots=True)
class Run:
    """Metrics per system and query, in the order of the set's queries."""

    per_query: Mapping[str, Sequence[Mapping[str, float]]]

    def summary(self) -> dict[str, dict[str, float]]:
        """Mean of each metric per system."""
        return {system: average(rows) for system, rows in self.per_query.items()}


class SetRunner:
    """A set loaded into a matcher, its needs encoded."""

    def __init__(self, encoder: Encoder, evaluation_set: EvaluationSet, cache: VectorCache) -> None:
        self._set = evaluation_set
        self._matcher = Matcher(encoder, ())
        # Windows are quoted, not ranked: the whole of each offer is enough here.
        rows = cache.offers([offer_texts(offer)[0] for offer in evaluation_set.offers])
        self._matcher.upsert(evaluation_set.offers, dict(enumerate(rows)))
        self._queries = cache.queries([need_text(need) for need in evaluation_set.needs])

    def run(self, fusion: FusionSettings | None = None) -> Run:
        """Every system on every query."""
        orders, grades = self.orders(fusion, DEPTH), self._set.grades
        return Run(
            {
                system: [measure(ranked, grades[query]) for query, ranked in orders[system].items()]
                for system in SYSTEMS
            }
        )

    def orders(self, fusion: FusionSettings | None = None, depth: int | None = None) -> Orders:
        """The documents each system puts first for each query, gate aside; all of them without `depth`."""
        settings = MatcherSettings(fusion=fusion or FusionSettings())
        everyone = np.ones(len(self._set.doc_ids), np.bool_)
        found: dict[str, dict[str, list[str]]] = {system: {} for system in SYSTEMS}
        for number, (query, need) in enumerate(zip(self._set.query_ids, self._set.needs, strict=True)):
            self._matcher.set_need_mean(self._mean_without(number))
            ranking = self._matcher.rank_all(need, query_vector=self._queries[number], settings=settings)
            for system, scores in _systems(ranking).items():
                rows = top_rows(scores, everyone, depth or len(everyone))
                found[system][query] = [self._set.doc_ids[row] for row in rows]
        return found

    def _mean_without(self, number: int) -> Vectors | None:
        others = np.delete(self._queries, number, axis=0)
        return estimate_mean(others, strength=0.0) if len(others) else None


def _systems(ranking: Ranking) -> dict[str, NDArray[np.float64]]:
    return {
        "full": ranking.scores,
        "bm25": ranking.signals["lexical"].raw,
        "dense": ranking.signals["dense"].raw,
    }
