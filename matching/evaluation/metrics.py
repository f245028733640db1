"""Ranking metrics per query, from a ranked list of documents and their graded relevance.

MRR@10 looks for the first document of the *highest* grade present; hit@k asks whether it is among the k
first; recall@20 counts every relevant document, over min(20, relevant); nDCG@10 has gains 2^grade - 1 and
logarithmic discounts (Järvelin and Kekäläinen 2002; Burges et al. 2005).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

METRICS = ("MRR@10", "nDCG@10", "recall@20", "hit@1", "hit@5", "hit@10")


def measure(ranked: Sequence[str], grades: Mapping[str, int]) -> dict[str, float]:
    """Every metric for one query; `grades` holds at least one relevant document."""
    best = max(grades.values())
    first = next((place for place, doc in enumerate(ranked, 1) if grades.get(doc, 0) == best), None)
    values = {"MRR@10": 1 / first if first and first <= 10 else 0.0}
    values["nDCG@10"] = _dcg([grades.get(doc, 0) for doc in ranked[:10]]) / _dcg(
        sorted(grades.values(), reverse=True)[:10]
    )
    values["recall@20"] = len(set(ranked[:20]) & set(grades)) / min(20, len(grades))
    for depth in (1, 5, 10):
        values[f"hit@{depth}"] = float(first is not None and first <= depth)
    return values


def average(per_query: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Mean of each metric over the queries, four decimals."""
    return {name: round(sum(q[name] for q in per_query) / len(per_query), 4) for name in METRICS}


def _dcg(gains: Sequence[int]) -> float:
    return sum(((1 << gain) - 1) / math.log2(place + 1) for place, gain in enumerate(gains, 1))
