"""Match runs: which offers are proposed for a need, in the circular's order, and following what changes."""

from collections.abc import Callable, Collection
from datetime import date

import sqlalchemy as sa

from app.audit.services import record
from app.claims.queries import any_turns_between
from app.core.clock import now, today
from app.core.db import db, flush_for_id, reading, unit_of_work
from app.core.errors import InvalidTransition, Unavailable
from app.core.i18n import gettext as _
from app.matchmaking.engine import engine
from app.matchmaking.models import MatchRun
from app.matchmaking.queries import get_run
from app.matchmaking.queries.objectives import weighed_needs
from app.matchmaking.queries.runs import latest_lists, latest_run_ids
from app.matchmaking.services.answers import (
    DEPTHS,
    PROPOSED,
    Answer,
    answer_need,
    run_of,
    weights_in,
)
from app.needs.enums import NeedStatus
from app.needs.models import Need
from app.needs.queries import get_need, published_needs
from app.offers.queries import published_offers
from app.permissions import SYSTEM, Actor, Permission, require

__all__ = [
    "PROPOSED",
    "answer_need",
    "keep_if_new",
    "needs_to_match",
    "propose_offers",
    "refresh_run",
    "refresh_runs",
    "run_of_the_day",
    "weights_in",
]


OnPart = Callable[[int, int], object]
"""Told (needs done, needs in all)."""


def propose_offers(actor: Actor, need: Need) -> MatchRun:
    """Match the need against each kind of offer and keep the run with its arithmetic. What the caller had not
    committed is undone: nothing is computed while a lock is held."""
    require(actor, Permission.PROPOSAL_READ, on=need)
    if need.status is NeedStatus.CLOSED:
        raise InvalidTransition(_("Ce besoin est clos : rouvrez-le pour chercher des solutions."))
    need_id = need.id
    with reading():
        answer = answer_need(get_need(SYSTEM, need_id))
    return _keep(actor, get_need(SYSTEM, need_id), answer, get_run(need_id))


def run_of_the_day(need: Need) -> MatchRun | None:
    """The latest run of a need or, where a claim has begun or ceased to hold since, what it would be today:
    the page follows the clock, and the nightly job keeps the new run."""
    run = get_run(need.id)
    if run is None or need.status is NeedStatus.CLOSED or not _has_turned(need, run.checked_on):
        return run
    try:
        current = run_of(answer_need(need), run)
    except Unavailable:  # the page says on which day its list was found
        return run
    offers = {offer.id: offer for offer in published_offers(one.offer_id for one in current.proposals)}
    for proposal in current.proposals:
        proposal.offer = offers[proposal.offer_id]
    current.created_at = now()
    return current


def needs_to_match() -> list[int]:
    """Published needs whose list of proposals, asked today, is no longer that of their latest run.

    All are ranked at once, exactly; weighed needs, whose order depends on evidence too, are always named."""
    needs, latest, weighed = published_needs(), latest_lists(), weighed_needs()
    fingerprint = engine().encoder.fingerprint
    known = [
        need
        for need in needs
        if need.id not in weighed and latest.get(need.id, (None,))[:2] == (need.version, fingerprint)
    ]
    standings = engine().standings(known, DEPTHS, followed=True)
    same = {need_id for need_id, lists in standings if lists == latest[need_id][2]}
    return [need.id for need in needs if need.id not in same]


def note_checked(*, but: Collection[int]) -> None:
    """Today's date on the latest run of every need but those: their lists were found to hold still."""
    held = sa.and_(MatchRun.id.in_(latest_run_ids()), MatchRun.checked_on != today())
    db.session.execute(
        sa.update(MatchRun)
        .where(held, MatchRun.need_id.not_in(list(but)))
        .values(checked_on=today())
        .execution_options(synchronize_session=False)
    )


def refresh_runs(on_part: OnPart = lambda _done, _total: True) -> int:
    """Match the needs whose list changed, in short transactions of its own; answers how many runs are new."""
    with reading():
        changed = needs_to_match()
    with unit_of_work():
        note_checked(but=changed)
    found = 0
    for done, need_id in enumerate(changed, start=1):
        found += refresh_run(need_id)
        on_part(done, len(changed))
    return found


def refresh_run(need_id: int) -> bool:
    """Match a need again; keep the run only where its lists differ from the latest."""
    with reading():
        answer = answer_need(get_need(SYSTEM, need_id))
    with unit_of_work():
        return keep_if_new(answer)


def keep_if_new(answer: Answer) -> bool:
    """Keep an answer that differs from the latest run; one about a text edited meanwhile is dropped."""
    need = get_need(SYSTEM, answer.need_id)
    if (need.version or None) != answer.version or need.status is NeedStatus.CLOSED:
        return False
    previous = get_run(need.id)
    if previous is not None and answer.is_said_by(previous):
        previous.checked_on = today()
        return False
    _keep(SYSTEM, need, answer, previous)
    return True


def _keep(actor: Actor, need: Need, answer: Answer, previous: MatchRun | None) -> MatchRun:
    run = run_of(answer, previous)
    db.session.add(run)
    flush_for_id()
    record(actor, "need.matched", need, run_id=run.id, proposals=len(run.proposals))
    return run


def _has_turned(need: Need, since: date) -> bool:
    """Whether what offers prove, or what the law asks of the need, is another today than it was."""
    asked_then, asked_now = (need.is_determined_sensitive_on(day) for day in (since, today()))
    return asked_then != asked_now or any_turns_between(since, today())
