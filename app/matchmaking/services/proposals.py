"""Match runs: which offers are proposed for a need, in the circular's order."""

from collections.abc import Iterable, Mapping
from datetime import date

from app.audit.services import record
from app.claims.queries import any_turns_between
from app.core.clock import now, today
from app.core.db import db, flush_for_id
from app.core.errors import InvalidTransition
from app.core.i18n import gettext as _
from app.matchmaking.engine import MatchRecord, engine
from app.matchmaking.engine.weighing import match_weighed
from app.matchmaking.models import MatchRun, Proposal
from app.matchmaking.queries import get_run, published_need_ids
from app.matchmaking.queries.objectives import weights_of
from app.matchmaking.services.proofs import add_proofs
from app.needs.enums import NeedStatus
from app.needs.models import Need
from app.needs.queries import get_need
from app.offers.enums import OfferKind
from app.offers.queries import offer_versions, published_offers
from app.permissions import SYSTEM, Actor, Permission, require

# Mutualised State solutions come first, then the market; free software of the State's list is shown beside.
PROPOSED = {OfferKind.MUTUALISED: 6, OfferKind.MARKET: 20, OfferKind.FREE_SOFTWARE: 6}


def propose_offers(actor: Actor, need: Need) -> MatchRun:
    """Match the need against each kind of offer and keep the run with its arithmetic."""
    require(actor, Permission.PROPOSAL_READ, on=need)
    if need.status is NeedStatus.CLOSED:
        raise InvalidTransition(_("Ce besoin est clos : rouvrez-le pour chercher des solutions."))
    run = _answered(need)
    db.session.add(run)
    flush_for_id()
    record(actor, "need.matched", need, run_id=run.id, proposals=len(run.proposals))
    return run


def run_of_the_day(need: Need) -> MatchRun | None:
    """The latest run of a need or, where a claim has begun or ceased to hold since, what it would be today:
    the page follows the clock, and the nightly job keeps the new run."""
    run = get_run(need.id)
    if run is None or need.status is NeedStatus.CLOSED or not _has_turned(need, run.checked_on):
        return run
    current = _answered(need)
    offers = {offer.id: offer for offer in published_offers(one.offer_id for one in current.proposals)}
    for proposal in current.proposals:
        proposal.offer = offers[proposal.offer_id]
    current.created_at = now()
    return current


def _has_turned(need: Need, since: date) -> bool:
    """Whether what offers prove, or what the law asks of the need, is another today than it was."""
    asked_then, asked_now = (need.is_determined_sensitive_on(day) for day in (since, today()))
    return asked_then != asked_now or any_turns_between(since, today())


def _answered(need: Need) -> MatchRun:
    """The run of this moment, not kept."""
    weights = weights_of(need.id)
    results = {kind.value: _matched(need, k, kind, weights) for kind, k in PROPOSED.items()}
    add_proofs(results.values())
    return MatchRun(
        need_id=need.id,
        need_version=need.version or None,
        fingerprint=engine().encoder.fingerprint,
        revision=engine().revision,
        parameters={kind: result.parameters for kind, result in results.items()},
        exclusions={kind: result.exclusions for kind, result in results.items()},
        near_misses=[
            {"kind": kind, **miss} for kind, result in results.items() for miss in result.near_misses
        ],
        proposals=_proposals(results.values()),
    )


def refresh_runs() -> int:
    """Match every published need again, in the caller's transaction; answers how many runs were new."""
    return sum(refresh_run(need_id) for need_id in published_need_ids())


def refresh_run(need_id: int) -> bool:
    """Match a need again; keep the new run only where the proposals differ from the latest."""
    need = get_need(SYSTEM, need_id)
    previous = get_run(need.id)
    before = (_shown(previous), weights_in(previous)) if previous else None
    with db.session.begin_nested() as attempt:
        run = propose_offers(SYSTEM, need)
        after = (_shown(run), weights_in(run))
        unchanged = previous is not None and before == after and previous.need_version == run.need_version
        if unchanged:
            attempt.rollback()
    if unchanged and previous is not None:
        previous.checked_on = today()
    return not unchanged


def weights_in(run: MatchRun) -> dict[str, int]:
    """The buyer's weights the run was made with; empty without."""
    for parameters in run.parameters.values():
        if "weighing" in parameters:
            return dict(parameters["weighing"]["weights"])
    return {}


def _matched(need: Need, k: int, kind: OfferKind, weights: Mapping[str, int]) -> MatchRecord:
    if weights:
        return match_weighed(need, k, [kind.value], weights)
    return engine().match(need, k, [kind.value])


def _shown(run: MatchRun) -> list[tuple[int, float]]:
    return [(proposal.offer_id, round(proposal.score, 6)) for proposal in run.proposals]


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
