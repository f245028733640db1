"""The k best rows, exactly, without comparing every vector.

Of a score's signals only meaning needs an offer's vector; the others are known for every row. So (threshold
algorithm: Fagin, Lotem and Naor 2003, "Optimal aggregation algorithms for middleware") the index gives the
rows nearest in meaning, the known signals the best by themselves, and the k-th score among those is a floor:
any other row is at most as near as the last one the index gave, so that only rows whose known signals make up
for that distance can still pass the floor. These are compared too, and none is left out.
"""

from __future__ import annotations

import numpy as np

from matching.criteria.gate import Mask
from matching.retrieval.ranking import Question, Ranking, Rows, top_rows

COMPARE_ALL_BELOW = 512
DEPTH = 100
CLOSE = 1e-5
"""More than the error of an index's similarities and of the rounding of scores, both together."""


def best_rows(question: Question, allowed: Mask, k: int) -> Ranking:
    """The k best of the allowed rows, best first; ties by row, that is by offer number."""
    ranking = question.rank(candidates(question, allowed, k))
    return ranking.only(top_rows(ranking.scores, np.ones(len(ranking.rows), np.bool_), k))


def candidates(question: Question, allowed: Mask, k: int) -> Rows:
    """Rows among which the k best of the allowed ones are, ascending."""
    count = int(np.count_nonzero(allowed))
    if k <= 0 or count <= max(COMPARE_ALL_BELOW, k + DEPTH):
        return np.flatnonzero(allowed) if k > 0 else np.empty(0, np.int64)
    snapshot = question.snapshot
    hits = snapshot.index.search(question.vector, k + DEPTH, None if count == len(allowed) else allowed)
    near = np.searchsorted(snapshot.ids, hits.ids)
    found = np.union1d(near, top_rows(question.known, allowed, k))
    floor = float(np.sort(question.rank(found).scores)[-k])
    reach = question.meaning(float(hits.similarities[-1])) + CLOSE / question.scale
    return np.union1d(found, np.flatnonzero(allowed & (question.known + reach >= floor)))
