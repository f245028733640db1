"""Precision over judged documents, where people said useful or not of a part of what they were shown.

A document nobody judged is neither good nor bad, so it is skipped, as in the condensed lists of Sakai (2007):
precision@k is the share of useful documents among the first k *judged* ones. A query with fewer than k
judged documents says nothing at k and is left out of the mean, whose number of queries is always given.
People judge what they are shown: an order that would have shown other documents is not credited for them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from matching.evaluation.sets import UnreadableSet
from matching.evaluation.systems import Orders

DEPTHS = (1, 3, 5, 10)
FEW_QUERIES = 30  # under it, one query more or less moves the mean by more than systems differ

Judgements = Mapping[str, Mapping[str, bool]]
"""Query -> document -> useful or not."""


@dataclass(frozen=True, slots=True)
class Precision:
    """Mean over the queries with enough judged documents; None when there is none."""

    mean: float | None
    queries: int


JudgedTable = Mapping[str, Mapping[int, Precision]]


def precision_at(ranked: Sequence[str], judged: Mapping[str, bool], k: int) -> float | None:
    """Share of useful documents among the first k judged ones of `ranked`; None when fewer are judged."""
    first = [judged[document] for document in ranked if document in judged][:k]
    return sum(first) / k if len(first) == k else None


def judged_table(orders: Orders, judgements: Judgements) -> JudgedTable:
    """Precision at each depth, by system, over the queries it orders."""
    return {system: {k: _mean(ranked, judgements, k) for k in DEPTHS} for system, ranked in orders.items()}


def _mean(ranked: Mapping[str, Sequence[str]], judgements: Judgements, k: int) -> Precision:
    found = [precision_at(order, judgements.get(query, {}), k) for query, order in ranked.items()]
    values = [value for value in found if value is not None]
    return Precision(round(sum(values) / len(values), 4) if values else None, len(values))


def read_orders(path: Path) -> dict[str, dict[str, list[str]]]:
    """Orders kept by a portal: query_id, doc_id, signal and rank, tab-separated, with a heading.

    Raises UnreadableSet.
    """
    ranks: dict[str, dict[str, list[tuple[int, str]]]] = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()[1:]
        for query, document, signal, rank in (line.split("\t") for line in lines if line.strip()):
            ranks.setdefault(signal, {}).setdefault(query, []).append((int(rank), document))
    except (OSError, ValueError) as error:
        raise UnreadableSet(f"{path.name}: {error}") from error
    return {
        signal: {query: [document for _rank, document in sorted(rows)] for query, rows in queries.items()}
        for signal, queries in ranks.items()
    }
