"""Sets of offers that together cover several functions, and why a function stays uncovered.

An offer covers a function when its score for it reaches COVERS and half that of the best eligible one. Scores
have no absolute scale. On the demonstration catalogue the best offer scored over SURE for 20 of 22
functions it holds, and for 1 of 8 it does not hold (radiography, rockets, cakes...); between COVERS and SURE
lay the 2 others and 4 of those 8: such a cover is shown as doubtful.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.matchmaking.engine.current import engine
from app.matchmaking.engine.records import MatchRecord, ProposedOffer
from app.needs.enums import RequiredLevel
from matching.suites import minimal_suites

COVERS, SURE, SHARE_OF_BEST = 3.2, 4.5, 0.5
DEPTH = 12
SHOWN = 6


@dataclass(frozen=True, slots=True)
class Cover:
    """Why an offer covers a function; `sure` is False when the meanings are close without being near."""

    function: str
    proposed: ProposedOffer
    sure: bool


@dataclass(frozen=True, slots=True)
class SuiteFound:
    """One minimal set: what each member covers, by offer, in the order of the functions."""

    members: dict[int, list[Cover]]
    score: float


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
    functions: Sequence[str], requirements: Mapping[str, RequiredLevel], kinds: Collection[str]
) -> SuiteAnswer:
    """Minimal sets for these functions, best first. Raises RuleBroken, naming its field, for one without a
    word."""
    records = {function: engine().match_text(function, requirements, DEPTH, kinds) for function in functions}
    covers = {function: _covers(function, record) for function, record in records.items()}
    scores = {
        function: {cover.proposed.offer_id: cover.proposed.score for cover in found}
        for function, found in covers.items()
        if found
    }
    reasons = {
        function: {cover.proposed.offer_id: cover for cover in found} for function, found in covers.items()
    }
    suites = [
        SuiteFound(
            {
                member: [reasons[f][member] for f, served_by in suite.covers.items() if served_by == member]
                for member in sorted(suite.offer_ids, key=list(suite.covers.values()).index)
            },
            suite.score,
        )
        for suite in minimal_suites(scores, SHOWN)
    ]
    counts = next(iter(records.values())).exclusions
    uncovered = [_uncovered(function, records[function]) for function in functions if not covers[function]]
    return SuiteAnswer(suites, uncovered, counts["eligible"], counts["total"])


def _covers(function: str, record: MatchRecord) -> list[Cover]:
    if not record.proposed:
        return []
    floor = max(COVERS, SHARE_OF_BEST * record.proposed[0].score)
    return [
        Cover(function, proposed, proposed.score >= SURE)
        for proposed in record.proposed
        if proposed.score >= floor
    ]


def _uncovered(function: str, record: MatchRecord) -> Uncovered:
    return Uncovered(
        function,
        [miss for miss in record.near_misses if miss["score"] >= COVERS],
        record.proposed[0].offer_id if record.proposed else None,
    )
