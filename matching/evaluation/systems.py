"""The systems compared on a set: the product, the full engine, its words alone, each encoder alone.

`product` is what a portal answers: needs moved by the means shipped with the library. `full` knows the set:
each need is moved by the mean of the others, which no portal has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.evaluation.metrics import average, measure
from matching.evaluation.sets import EvaluationSet
from matching.evaluation.vectors import VectorCache
from matching.retrieval.encoder import Encoder
from matching.retrieval.matcher import Matcher
from matching.retrieval.proposals import MatcherSettings
from matching.retrieval.ranking import MEANINGS, FusionSettings, top_rows
from matching.retrieval.text import need_text, offer_texts
from matching.retrieval.types import Need, Vectors
from matching.retrieval.vectors import estimate_mean

DEPTH = 100
SYSTEMS = ("full", "product", "bm25", "dense", "second")
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
                system: [measure(ranked, grades[query]) for query, ranked in by_query.items()]
                for system, by_query in orders.items()
            }
        )

    def orders(self, fusion: FusionSettings | None = None, depth: int | None = None) -> Orders:
        """The documents each system puts first for each query, gate aside; all of them without `depth`."""
        settings = MatcherSettings(fusion=fusion or FusionSettings())
        everyone = np.ones(len(self._set.doc_ids), np.bool_)
        found: dict[str, dict[str, list[str]]] = {}
        for number, (query, need) in enumerate(zip(self._set.query_ids, self._set.needs, strict=True)):
            scores = self._scores(number, need, settings)
            for system in SYSTEMS:
                if system in scores:
                    rows = top_rows(scores[system], everyone, depth or len(everyone))
                    found.setdefault(system, {})[query] = [self._set.doc_ids[row] for row in rows]
        return found

    def _scores(self, number: int, need: Need, settings: MatcherSettings) -> dict[str, NDArray[np.float64]]:
        """By system, over the documents in their order."""
        vector = self._queries[number]
        self._matcher.set_need_mean(None)
        product = self._matcher.rank_all(need, query_vector=vector, settings=settings)
        self._matcher.set_need_mean(self._mean_without(number))
        full = self._matcher.rank_all(need, query_vector=vector, settings=settings)
        alone = {name: full.signals[name].raw for name in MEANINGS if name in full.signals}
        words = full.signals["lexical"].raw
        return {"full": full.scores, "product": product.scores, "bm25": words, **alone}

    def _mean_without(self, number: int) -> Vectors | None:
        others = np.delete(self._queries, number, axis=0)
        return estimate_mean(others, strength=0.0) if len(others) else None
