"""The three steps of the circular, in their order: no route skips one."""

import sqlalchemy as sa

from app.audit.services import record
from app.core.clock import now
from app.core.db import db, flush_for_id
from app.core.errors import InvalidTransition, RuleBroken
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.doctrine.enums import Ground, Outcome, SetAside, Step, Way
from app.doctrine.models import Consideration, Development, StepClosing
from app.doctrine.queries import closings_of, considerations_of, find_development, left_to_study, step_of
from app.matchmaking.queries import get_run
from app.needs.enums import NeedStatus
from app.needs.models import Need
from app.offers.models import Offer
from app.permissions import Actor, Permission, require

JUSTIFICATION_AT_LEAST = 40  # characters: a sentence that a secretary-general can read alone


def consider(
    actor: Actor,
    need: Need,
    offer: Offer,
    *,
    outcome: Outcome,
    reason: SetAside | None = None,
    detail: str = "",
) -> Consideration:
    """Record that a solution is retained, or set aside and why. Said again, it replaces what was said."""
    _require_open(actor, need)
    step = step_of(offer)
    closings = closings_of(need.id)
    if step is Step.BUY and Step.MUTUALISE not in closings:
        raise InvalidTransition(_("Étudiez d’abord les solutions mutualisées : l’étape 1 n’est pas close."))
    if step in closings:
        raise InvalidTransition(_("Cette étape est close : rouvrez-la pour changer ce qui y est dit."))
    given = _checked(outcome, reason, detail)
    found = db.session.scalars(
        sa.select(Consideration).filter_by(need_id=need.id, offer_id=offer.id)
    ).one_or_none()
    consideration = found or Consideration(need_id=need.id, offer=offer)
    consideration.step, consideration.outcome = step, outcome
    consideration.reason, consideration.detail = reason, given
    consideration.need_version, consideration.offer_version = need.version, offer.version
    consideration.decided_by_id, consideration.decided_at = actor.user_id, now()
    db.session.add(consideration)
    flush_for_id()
    details = {"offer_id": offer.id, "outcome": outcome.value, "reason": reason and reason.value}
    record(actor, "doctrine.considered", need, **details)
    return consideration


def forget(actor: Actor, need: Need, offer: Offer) -> None:
    """Take back what was said of a solution, while its step is open."""
    _require_open(actor, need)
    if step_of(offer) in closings_of(need.id):
        raise InvalidTransition(_("Cette étape est close : rouvrez-la pour changer ce qui y est dit."))
    db.session.execute(sa.delete(Consideration).filter_by(need_id=need.id, offer_id=offer.id))
    record(actor, "doctrine.reconsidered", need, offer_id=offer.id)


def close_step(actor: Actor, need: Need, step: Step) -> StepClosing:
    """Say that a step has been studied whole: every serious proposal has its outcome.

    Raises InvalidTransition before the previous step is closed, and telling how many are left."""
    _require_open(actor, need)
    closings = closings_of(need.id)
    if step is Step.DEVELOP or step in closings:
        raise InvalidTransition(_("Cette étape est déjà close."))
    if step is Step.BUY and Step.MUTUALISE not in closings:
        raise InvalidTransition(_("Étudiez d’abord les solutions mutualisées : l’étape 1 n’est pas close."))
    run = get_run(need.id)
    if run is None:
        raise InvalidTransition(_("Lancez d’abord la recherche de solutions pour ce besoin."))
    recorded = [item for item in considerations_of(need.id) if item.step == step]
    left = left_to_study(run, step, (item.offer_id for item in recorded))
    if left:
        raise InvalidTransition(
            ngettext(
                "Il reste %(num)s solution proposée à retenir ou à écarter avant de clore cette étape.",
                "Il reste %(num)s solutions proposées à retenir ou à écarter avant de clore cette étape.",
                len(left),
            )
        )
    closing = StepClosing(
        need_id=need.id,
        step=step,
        considered=len(recorded),
        retained=sum(item.outcome is Outcome.RETAINED for item in recorded),
        run_id=run.id,
        need_version=need.version,
        closed_by_id=actor.user_id,
        closed_at=now(),
    )
    db.session.add(closing)
    flush_for_id()
    record(actor, "doctrine.step_closed", need, step=int(step), considered=closing.considered)
    return closing


def reopen_step(actor: Actor, need: Need, step: Step) -> None:
    """Open a closed step again; those that stood on it open too."""
    _require_open(actor, need)
    if step not in closings_of(need.id):
        raise InvalidTransition(_("Cette étape n’est pas close."))
    db.session.execute(
        sa.delete(StepClosing).where(StepClosing.need_id == need.id, StepClosing.step >= int(step))
    )
    db.session.execute(sa.delete(Development).where(Development.need_id == need.id))
    record(actor, "doctrine.step_reopened", need, step=int(step))


def open_development(
    actor: Actor, need: Need, *, ground: Ground, justification: str, way: Way
) -> Development:
    """Open the third step: only once both others are closed with nothing retained, on a ground that holds."""
    _require_open(actor, need)
    closings = closings_of(need.id)
    if not {Step.MUTUALISE, Step.BUY} <= closings.keys():
        raise InvalidTransition(_("Les étapes 1 et 2 se closent avant d’ouvrir le développement."))
    if any(closing.retained for closing in closings.values()):
        raise InvalidTransition(
            _("Une solution est retenue : le développement ne s’ouvre que si aucune ne convient.")
        )
    if find_development(need.id) is not None:
        raise InvalidTransition(_("Le développement est déjà ouvert pour ce besoin."))
    considered = sum(closing.considered for closing in closings.values())
    text = justification.strip()
    if ground is Ground.NOTHING_FITS and considered:
        message = _("Des solutions ont été étudiées : choisissez le motif pour lequel elles sont écartées.")
        raise RuleBroken(fields={"ground": message})
    if len(text) < JUSTIFICATION_AT_LEAST:
        message = _("Expliquez ce motif en une phrase au moins : la note de choix la reprend.")
        raise RuleBroken(fields={"justification": message})
    development = Development(
        need_id=need.id,
        ground=ground,
        justification=text,
        way=way,
        need_version=need.version,
        opened_by_id=actor.user_id,
        opened_at=now(),
    )
    db.session.add(development)
    flush_for_id()
    record(actor, "doctrine.development_opened", need, ground=ground.value, way=way.value)
    return development


def _require_open(actor: Actor, need: Need) -> None:
    require(actor, Permission.DOCTRINE_DECIDE, on=need)
    if need.status is not NeedStatus.PUBLISHED:
        raise InvalidTransition(_("La démarche se suit sur un besoin publié."))


def _checked(outcome: Outcome, reason: SetAside | None, detail: str) -> str:
    text = detail.strip()
    if outcome is Outcome.RETAINED and reason is not None:
        raise RuleBroken(fields={"reason": _("Une solution retenue n’a pas de motif d’écart.")})
    if outcome is Outcome.SET_ASIDE and reason is None:
        raise RuleBroken(fields={"reason": _("Dites pourquoi cette solution est écartée.")})
    if reason is SetAside.OTHER and not text:
        raise RuleBroken(fields={"detail": _("Précisez ce motif.")})
    return text
