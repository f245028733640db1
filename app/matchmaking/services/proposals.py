"""Match runs: which offers are proposed for a need, in the circular's order, and what changed since."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.audit.services import record
from app.core.db import db, flush_for_id
from app.core.errors import InvalidTransition
from app.core.i18n import gettext as _
from app.matchmaking.engine import MatchRecord, engine, required_keys
from app.matchmaking.engine.weighing import match_weighed
from app.matchmaking.enums import Cause
from app.matchmaking.models import MatchRun, Proposal
from app.matchmaking.queries import get_run
from app.matchmaking.queries.objectives import weighed_needs, weights_of
from app.matchmaking.queries.runs import latest_lists, offer_states
from app.matchmaking.services.comparing import Side, changes_between, side_of
from app.matchmaking.services.proofs import add_proofs
from app.needs.enums import NeedStatus
from app.needs.models import Need
from app.needs.queries import get_need, published_needs
from app.offers.enums import OfferKind
from app.permissions import SYSTEM, Actor, Permission, require

# Mutualised State solutions come first, then the market; free software of the State's list is shown beside.
PROPOSED = {OfferKind.MUTUALISED: 6, OfferKind.MARKET: 20, OfferKind.FREE_SOFTWARE: 6}
DEPTHS = {kind.value: k for kind, k in PROPOSED.items()}


@dataclass(frozen=True, slots=True)
class Answer:
    """What matching a need gives, before anything of it is written."""

    need_id: int
    version: int
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


def propose_offers(actor: Actor, need: Need) -> MatchRun:
    """Match the need against each kind of offer and keep the run with its arithmetic."""
    require(actor, Permission.PROPOSAL_READ, on=need)
    if need.status is NeedStatus.CLOSED:
        raise InvalidTransition(_("Ce besoin est clos : rouvrez-le pour chercher des solutions."))
    return keep_run(actor, need, answer_need(need))


def answer_need(need: Need) -> Answer:
    """The offers to propose, their arithmetic and their proofs; writes nothing."""
    weights = weights_of(need.id)
    records = {kind.value: _matched(need, k, kind, weights) for kind, k in PROPOSED.items()}
    add_proofs(records.values())
    return Answer(
        need_id=need.id,
        version=need.version,
        fingerprint=engine().encoder.fingerprint,
        revision=engine().revision,
        records=records,
        lists=dict(engine().standings([need], DEPTHS)).get(need.id, {}),
        weights=weights,
        required=required_keys(need),
    )


def keep_run(actor: Actor, need: Need, answer: Answer) -> MatchRun:
    """Write an answer as the latest run of its need, with what changed since the one before."""
    previous = get_run(need.id)
    run = MatchRun(
        need_id=need.id,
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
        changes=_changes(previous, answer) if previous else [],
        proposals=[proposal for found in answer.records.values() for proposal in _proposals(found)],
    )
    db.session.add(run)
    flush_for_id()
    record(actor, "need.matched", need, run_id=run.id, proposals=len(run.proposals))
    return run


def needs_to_match() -> list[int]:
    """Published needs whose list of proposals, asked today, is no longer that of their latest run.

    All are ranked at once, exactly; weighed needs, whose order depends on evidence too, are always named."""
    needs, latest, weighed = published_needs(), latest_lists(), weighed_needs()
    fingerprint = engine().encoder.fingerprint
    known = {
        need.id
        for need in needs
        if need.id not in weighed and latest.get(need.id, (None,))[:2] == (need.version, fingerprint)
    }
    same = {
        need_id
        for need_id, lists in engine().standings([need for need in needs if need.id in known], DEPTHS)
        if lists == latest[need_id][2]
    }
    return [need.id for need in needs if need.id not in same]


def refresh_runs() -> int:
    """Match the needs whose list changed, in the caller's transaction; answers how many runs are new."""
    return sum(refresh_run(need_id) for need_id in needs_to_match())


def refresh_run(need_id: int) -> bool:
    """Match a need again; keep the run only where its lists differ from the latest."""
    need = get_need(SYSTEM, need_id)
    answer = answer_need(need)
    return keep_if_new(answer)


def keep_if_new(answer: Answer) -> bool:
    """Keep an answer that differs from the latest run; one about a text edited meanwhile is dropped."""
    need = get_need(SYSTEM, answer.need_id)
    previous = get_run(need.id)
    if need.version != answer.version or need.status is NeedStatus.CLOSED:
        return False
    if previous is not None and _said(previous) == _said_by(answer):
        return False
    keep_run(SYSTEM, need, answer)
    return True


def weights_in(run: MatchRun) -> dict[str, int]:
    """The buyer's weights the run was made with; empty without."""
    for parameters in run.parameters.values():
        if "weighing" in parameters:
            return dict(parameters["weighing"]["weights"])
    return {}


def _said(run: MatchRun) -> tuple[object, ...]:
    order = {kind: list(ids) for kind, ids in side_of(run).ranks.items()}
    return run.need_version, run.fingerprint, weights_in(run), order, run.lists


def _said_by(answer: Answer) -> tuple[object, ...]:
    return answer.version, answer.fingerprint, dict(answer.weights), answer.order, answer.lists


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


def _proposals(result: MatchRecord) -> list[Proposal]:
    return [
        Proposal(offer_id=offer.offer_id, rank=offer.rank, score=offer.score, explanation=offer.explanation)
        for offer in result.proposed
    ]
