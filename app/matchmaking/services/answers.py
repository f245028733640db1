"""What matching a need answers, before anything of it is written, and the run that keeps it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.matchmaking.engine import MatchRecord, engine, required_keys
from app.matchmaking.engine.weighing import match_weighed
from app.matchmaking.enums import Cause
from app.matchmaking.models import MatchRun, Proposal
from app.matchmaking.queries.objectives import weights_of
from app.matchmaking.queries.runs import offer_states
from app.matchmaking.services.comparing import Side, changes_between, side_of
from app.matchmaking.services.proofs import add_proofs
from app.needs.models import Need
from app.offers.enums import OfferKind
from app.offers.queries import offer_versions

# Mutualised State solutions come first, then the market; free software of the State's list is shown beside.
PROPOSED = {OfferKind.MUTUALISED: 6, OfferKind.MARKET: 20, OfferKind.FREE_SOFTWARE: 6}
DEPTHS = {kind.value: k for kind, k in PROPOSED.items()}


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to a need. `version` is None for a need never published; `lists` are the lists and what
    their offers answer, as the engine compares them."""

    need_id: int
    version: int | None
    fingerprint: str
    revision: int
    records: Mapping[str, MatchRecord]
    lists: Mapping[str, Any]
    weights: Mapping[str, int]
    required: tuple[str, ...]

    @property
    def order(self) -> dict[str, list[int]]:
        """Offers proposed, by kind."""
        return {kind: [one.offer_id for one in found.proposed] for kind, found in self.records.items()}

    def is_said_by(self, run: MatchRun) -> bool:
        """Whether a run says the same: the same offers in the same order, for the same reasons."""
        said = (run.need_version, run.fingerprint, weights_in(run), side_of(run).ranks, run.lists)
        return said == (self.version, self.fingerprint, dict(self.weights), self.order, self.lists)


def answer_need(need: Need) -> Answer:
    """The offers to propose, their arithmetic and their proofs; writes nothing."""
    weights = weights_of(need.id)
    records = {kind.value: _matched(need, k, kind, weights) for kind, k in PROPOSED.items()}
    add_proofs(records.values())
    return Answer(
        need_id=need.id,
        version=need.version or None,
        fingerprint=engine().encoder.fingerprint,
        revision=engine().revision,
        records=records,
        lists=dict(engine().standings([need], DEPTHS)).get(need.id, {}),
        weights=weights,
        required=required_keys(need),
    )


def run_of(answer: Answer, previous: MatchRun | None) -> MatchRun:
    """The run that keeps an answer, not added to anything, with what changed since the one before."""
    return MatchRun(
        need_id=answer.need_id,
        need_version=answer.version,
        fingerprint=answer.fingerprint,
        revision=answer.revision,
        required=list(answer.required),
        lists=answer.lists,
        parameters={kind: found.parameters for kind, found in answer.records.items()},
        exclusions={kind: found.exclusions for kind, found in answer.records.items()},
        near_misses=[
            {"kind": kind, **miss} for kind, found in answer.records.items() for miss in found.near_misses
        ],
        kept_out=_kept_out(answer.records),
        changes=_changes(previous, answer) if previous else [],
        proposals=_proposals(answer.records.values()),
    )


def _kept_out(records: Mapping[str, MatchRecord]) -> list[dict[str, Any]]:
    """Offers that answer the need but for the criteria, at the version read, best first within each kind."""
    found = [(kind, one) for kind, record in records.items() for one in record.kept_out if one.fits]
    versions = offer_versions(one.offer_id for _kind, one in found)
    return [
        {
            "kind": kind,
            "offer_id": one.offer_id,
            "offer_version": versions[one.offer_id],
            "score": one.score,
            "explanation": one.explanation,
        }
        for kind, one in found
    ]


def weights_in(run: MatchRun) -> dict[str, int]:
    """The buyer's weights the run was made with; empty without."""
    for parameters in run.parameters.values():
        if "weighing" in parameters:
            return dict(parameters["weighing"]["weights"])
    return {}


def _changes(previous: MatchRun, answer: Answer) -> list[dict[str, Any]]:
    whole = None
    if previous.need_version != answer.version:
        whole = Cause.NEED_EDITED
    elif weights_in(previous) != answer.weights:
        whole = Cause.PRIORITIES
    before, after = side_of(previous), _side(answer)
    listed = {offer_id for side in (before, after) for ids in side.ranks.values() for offer_id in ids}
    return changes_between(before, after, offer_states(listed), previous.created_at, whole)


def _side(answer: Answer) -> Side:
    outcomes = {
        miss["offer_id"]: {miss["failing"]["criterion"]: False}
        for found in answer.records.values()
        for miss in found.near_misses
    }
    return Side(answer.order, outcomes)


def _matched(need: Need, k: int, kind: OfferKind, weights: Mapping[str, int]) -> MatchRecord:
    if weights:
        return match_weighed(need, k, [kind.value], weights)
    return engine().match(need, k, [kind.value])


def _proposals(results: Iterable[MatchRecord]) -> list[Proposal]:
    found = [offer for result in results for offer in result.proposed]
    versions = offer_versions(offer.offer_id for offer in found)
    return [
        Proposal(
            offer_id=offer.offer_id,
            offer_version=versions[offer.offer_id],
            rank=offer.rank,
            score=offer.score,
            explanation=offer.explanation,
        )
        for offer in found
    ]
