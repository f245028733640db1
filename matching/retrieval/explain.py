"""Why an offer is proposed: closest passages, shared words, criteria. Codes and numbers, never wording."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import numpy as np

from matching.criteria.table import CriteriaTable
from matching.criteria.types import CriterionOutcome, Requirement
from matching.retrieval.ranking import Ranking
from matching.retrieval.snapshot import Snapshot
from matching.retrieval.stems import written_words
from matching.retrieval.text import offer_text, passages
from matching.retrieval.types import Fit, Match, NearMiss, Offer, Passage, Vectors

MAX_PASSAGES = 3
MAX_SHARED_WORDS = 12


def explain(
    snapshot: Snapshot,
    table: CriteriaTable,
    ranking: Ranking,
    position: int,
    *,
    rank: int,
    vector: Vectors,
    stems: Sequence[str],
    requirements: Sequence[Requirement],
    day: date,
    judge: Callable[[Mapping[str, float]], tuple[Fit, float]],
) -> Match:
    """Everything behind the place of the offer at this position of `ranking`; `rank` counts from 1, and is 0
    for an offer outside the list. `judge` tells the fit from what each signal says.
    """
    row = int(ranking.rows[position])
    contributions = ranking.contributions(position)
    offer = snapshot.stored[row].offer
    fit, probability = judge({part.signal: part.normalised for part in contributions})
    return Match(
        offer_id=offer.id,
        rank=rank,
        score=sum(part.contribution for part in contributions),
        contributions=contributions,
        outcomes=outcomes_of(table, offer, requirements, day),
        passages=closest_passages(snapshot, row, vector),
        shared_words=shared_words(snapshot, row, stems),
        fit=fit,
        probability=probability,
    )


def near_miss(
    snapshot: Snapshot,
    table: CriteriaTable,
    ranking: Ranking,
    position: int,
    *,
    requirements: Sequence[Requirement],
    day: date,
) -> NearMiss:
    """An offer that one requirement keeps out, and that requirement."""
    offer = snapshot.stored[int(ranking.rows[position])].offer
    outcomes = outcomes_of(table, offer, requirements, day)
    failing = next(outcome for outcome in outcomes if not outcome.passes)
    return NearMiss(offer.id, float(ranking.scores[position]), failing)


def outcomes_of(
    table: CriteriaTable, offer: Offer, requirements: Sequence[Requirement], day: date
) -> tuple[CriterionOutcome, ...]:
    """What an offer answers on `day` to each requirement."""
    return tuple(table.outcome(one, offer.facts, kind=offer.kind, day=day) for one in requirements)


def closest_passages(snapshot: Snapshot, row: int, vector: Vectors) -> tuple[Passage, ...]:
    """The windows of the offer nearest to the need, best first; the whole offer when it is short."""
    texts = passages(snapshot.stored[row].offer)
    rows = snapshot.space.place(snapshot.stored[row].vectors)
    first = 1 if min(len(texts), len(rows)) > 1 else 0
    cosines = rows[first:] @ vector / len(snapshot.widths)
    pairs = list(zip(texts[first:], cosines.tolist(), strict=False))
    pairs.sort(key=lambda pair: -pair[1])
    return tuple(Passage(text, float(similarity)) for text, similarity in pairs[:MAX_PASSAGES])


def shared_words(snapshot: Snapshot, row: int, stems: Sequence[str]) -> tuple[str, ...]:
    """Words of the offer, as it writes them, whose stem the need also has; rarest first."""
    offer = snapshot.stored[row].offer
    text = " ".join((offer_text(offer), *offer.categories, *offer.providers))
    written = written_words(text, offer.language)
    common = [stem for stem in dict.fromkeys(stems) if stem in written]
    order = np.argsort(-snapshot.lexical.idf(common), kind="stable")[:MAX_SHARED_WORDS]
    return tuple(written[common[i]] for i in order)
