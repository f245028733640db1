"""Sets of offers that together cover several functions, and why a function stays uncovered.

An offer covers a function when its score for it reaches COVERS and half that of the best eligible one. Scores
have no absolute scale. On the demonstration catalogue the best offer scored over SURE for 20 of 22
functions it holds, and for 1 of 8 it does not hold (radiography, rockets, cakes...); between COVERS and SURE
lay the 2 others and 4 of those 8: such a cover is shown as doubtful.

Sets of the State's mutualised offers alone come first, whatever their size and score: the circular of
5 February 2026 has them studied before the market.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from app.matchmaking.engine.current import engine
from app.matchmaking.engine.records import MatchRecord, ProposedOffer
from app.needs.enums import EffectiveRequirement
from app.offers.enums import OfferKind
from matching.retrieval import minimal_suites

COVERS, SURE, SHARE_OF_BEST = 3.2, 4.5, 0.5
DEPTH = 12
SHOWN, MUTUALISED_SHOWN = 6, 3


@dataclass(frozen=True, slots=True)
class Cover:
    """Why an offer covers a function; `sure` is False when the meanings are close without being near."""

    function: str
    proposed: ProposedOffer
    sure: bool


Covers = dict[str, list[Cover]]
"""Per function, what covers it."""


@dataclass(frozen=True, slots=True)
class SuiteFound:
    """One minimal set: what each member covers, by offer, in the order of the functions."""

    members: dict[int, list[Cover]]
    score: float
    is_mutualised: bool


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A function no eligible offer covers. `near_misses` (offer, failing outcome) would, but lack one
    criterion; `closest` is the best eligible offer, too far; None when no offer is eligible."""

    function: str
    near_misses: list[dict[str, Any]]
    closest: int | None


@dataclass(frozen=True, slots=True)
class SuiteAnswer:
    """`eligible` of `total` offers passed the criteria; the sets leave the uncovered functions aside."""

    suites: list[SuiteFound]
    uncovered: list[Uncovered]
    eligible: int
    total: int

    def offer_ids(self) -> set[int]:
        """Every offer the answer names."""
        named = {offer_id for suite in self.suites for offer_id in suite.members}
        for missing in self.uncovered:
            named |= {miss["offer_id"] for miss in missing.near_misses}
            named |= {missing.closest} - {None}  # type: ignore[arg-type]  # what is left are numbers
        return named


def find_suites(
    functions: Sequence[str], requirements: Sequence[EffectiveRequirement], kinds: Collection[str]
) -> SuiteAnswer:
    """Minimal sets for these functions, wholly mutualised ones first, then best first. Raises RuleBroken,
    naming its field, for a function without a word."""
    vectors = dict(zip(functions, engine().encoding.needs(functions), strict=True))

    def nearest(function: str, among: Collection[str]) -> MatchRecord:
        return engine().match_text(function, requirements, DEPTH, among, vectors[function])

    records = {function: nearest(function, kinds) for function in functions}
    found = {function: _covers(function, record, record) for function, record in records.items()}
    covers = {function: served for function, served in found.items() if served}
    mutualised: Covers = {}
    if OfferKind.MUTUALISED.value in kinds:
        for function in covers:
            alone = nearest(function, [OfferKind.MUTUALISED.value])
            mutualised[function] = _covers(function, alone, records[function])
    most = SHOWN if len(kinds) == 1 else MUTUALISED_SHOWN
    shared = {cover.proposed.offer_id for served in mutualised.values() for cover in served}
    others = [suite for suite in _best(covers, 2 * SHOWN) if not suite.members.keys() <= shared]
    counts = next(iter(records.values())).exclusions
    return SuiteAnswer(
        _best(mutualised, most, is_mutualised=True) + others[:SHOWN],
        [_uncovered(function, records[function]) for function in functions if not found[function]],
        counts["eligible"],
        counts["total"],
    )


def _covers(function: str, record: MatchRecord, everything: MatchRecord) -> list[Cover]:
    """The offers of a record near enough, beside the best of everything eligible."""
    if not record.proposed:
        return []
    floor = max(COVERS, SHARE_OF_BEST * everything.proposed[0].score)
    return [
        Cover(function, proposed, proposed.score >= SURE)
        for proposed in record.proposed
        if proposed.score >= floor
    ]


def _best(covers: Covers, k: int, *, is_mutualised: bool = False) -> list[SuiteFound]:
    """The k best minimal sets, each member with what it covers."""
    reasons = {f: {cover.proposed.offer_id: cover for cover in served} for f, served in covers.items()}
    scores = {
        f: {offer_id: cover.proposed.score for offer_id, cover in r.items()} for f, r in reasons.items()
    }
    return [
        SuiteFound(
            {
                member: [reasons[f][member] for f, served_by in suite.covers.items() if served_by == member]
                for member in sorted(suite.offer_ids, key=list(suite.covers.values()).index)
            },
            suite.score,
            is_mutualised,
        )
        for suite in minimal_suites(scores, k)
    ]


def _uncovered(function: str, record: MatchRecord) -> Uncovered:
    return Uncovered(
        function,
        [miss for miss in record.near_misses if miss["score"] >= COVERS],
        record.proposed[0].offer_id if record.proposed else None,
    )
