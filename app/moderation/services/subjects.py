"""Decisions about an organisation, an offer, a need or an account as a whole; the other side is told by
mail."""

from collections.abc import Callable

import sqlalchemy as sa

from app.accounts.enums import Standing
from app.accounts.models import Organisation, User
from app.accounts.queries import readers_of
from app.accounts.services import end_sessions
from app.audit.services import record
from app.core.db import db
from app.core.errors import InvalidTransition, RuleBroken
from app.core.i18n import gettext as _
from app.moderation.enums import Decision
from app.needs.enums import NeedStatus
from app.needs.models import Need
from app.needs.services import hide_need, publish_need, reopen_need
from app.offers.enums import OfferStatus
from app.offers.models import Offer
from app.offers.services import hide_offer, publish_offer, reopen_offer
from app.outbox.services import Reader, send_mail
from app.permissions import Actor, Permission, require

Subject = Organisation | Offer | Need | User
_STANDINGS = {
    Decision.RETURN: Standing.RETURNED,
    Decision.SUSPEND: Standing.SUSPENDED,
    Decision.DELIST: Standing.DELISTED,
}
REASONED = frozenset(_STANDINGS)


def allowed(subject: Subject) -> tuple[Decision, ...]:
    """The decisions that make sense now."""
    if isinstance(subject, User):
        return (Decision.SUSPEND,) if subject.is_active else (Decision.REOPEN,)
    match subject.standing:
        case Standing.WAITING:
            return Decision.ACCEPT, Decision.RETURN, Decision.SUSPEND, Decision.DELIST
        case Standing.RETURNED:
            return Decision.ACCEPT, Decision.SUSPEND, Decision.DELIST
        case Standing.ACTIVE if subject.under_review:
            return Decision.REOPEN, Decision.SUSPEND, Decision.DELIST
        case Standing.ACTIVE:
            return Decision.REVIEW, Decision.SUSPEND, Decision.DELIST
        case Standing.HELD:
            return ()
        case _:
            return (Decision.REOPEN,)


def decide(actor: Actor, subject: Subject, decision: Decision, *, reason: str = "") -> None:
    """Take a decision: `reason` is public, and compulsory where somebody is turned away."""
    require(actor, Permission.SUBJECT_MODERATE)
    if decision not in allowed(subject):
        raise InvalidTransition(_("Cette décision n’est plus possible : rechargez la page."))
    if decision in REASONED and not reason.strip():
        raise RuleBroken(fields={"reason": _("Dites pourquoi : la personne concernée lira cette raison.")})
    if isinstance(subject, User):
        _decide_account(actor, subject, decision, reason.strip())
    else:
        _decide_thing(actor, subject, decision, reason.strip())
    kind = subject.__tablename__
    record(actor, f"{kind}.{decision.name.lower()}", subject, reason=reason.strip())
    _tell(subject, decision, reason.strip())


def _decide_account(actor: Actor, user: User, decision: Decision, reason: str) -> None:
    if user.id == actor.user_id:
        raise InvalidTransition(_("Un modérateur ne suspend pas son propre compte."))
    user.is_active, user.suspension_reason = decision is Decision.REOPEN, reason
    end_sessions(user.id)


def _decide_thing(actor: Actor, thing: Organisation | Offer | Need, decision: Decision, reason: str) -> None:
    if decision is Decision.REVIEW:
        thing.under_review = True
    elif decision is Decision.ACCEPT:
        _accept(actor, thing)
    elif decision is Decision.REOPEN and thing.standing is Standing.ACTIVE:
        thing.under_review = False
    elif decision is Decision.REOPEN:
        _reopen(actor, thing)
    else:
        _hide(actor, thing, _STANDINGS[decision], reason)


def _accept(actor: Actor, thing: Organisation | Offer | Need) -> None:
    """Checked, or published: an offer is not, while its organisation is not."""
    if isinstance(thing, Organisation):
        thing.standing, thing.standing_reason = Standing.ACTIVE, ""
        thing.check_evidence = _("Vérifiée par la modération.")
        return
    owner = thing.organisation
    if owner is not None and owner.standing is not Standing.ACTIVE:
        raise InvalidTransition(_("Vérifiez d’abord l’organisation : ses publications attendent avec elle."))
    if isinstance(thing, Offer):
        publish_offer(actor, thing)
    else:
        publish_need(actor, thing)


def _hide(actor: Actor, thing: Organisation | Offer | Need, standing: Standing, reason: str) -> None:
    if isinstance(thing, Offer):
        hide_offer(actor, thing, standing, reason)
    elif isinstance(thing, Need):
        hide_need(actor, thing, standing, reason)
    else:
        thing.standing, thing.standing_reason = standing, reason
        if standing is not Standing.RETURNED:
            _hold(actor, thing, reason)


def _hold(actor: Actor, organisation: Organisation, reason: str) -> None:
    """What the organisation shows goes with it."""
    for offer in _offers_of(organisation, Offer.status == OfferStatus.PUBLISHED):
        hide_offer(actor, offer, Standing.HELD, reason)
    for need in _needs_of(organisation, Need.status == NeedStatus.PUBLISHED):
        hide_need(actor, need, Standing.HELD, reason)


def _reopen(actor: Actor, thing: Organisation | Offer | Need) -> None:
    if isinstance(thing, Offer):
        reopen_offer(actor, thing)
    elif isinstance(thing, Need):
        reopen_need(actor, thing)
    else:
        thing.standing, thing.standing_reason = Standing.ACTIVE, ""
        for offer in _offers_of(thing, Offer.standing == Standing.HELD):
            reopen_offer(actor, offer)
        for need in _needs_of(thing, Need.standing == Standing.HELD):
            reopen_need(actor, need)


def _offers_of(organisation: Organisation, condition: sa.ColumnElement[bool]) -> list[Offer]:
    query = sa.select(Offer).where(Offer.organisation_id == organisation.id, condition).order_by(Offer.id)
    return list(db.session.scalars(query))


def _needs_of(organisation: Organisation, condition: sa.ColumnElement[bool]) -> list[Need]:
    query = sa.select(Need).where(Need.organisation_id == organisation.id, condition).order_by(Need.id)
    return list(db.session.scalars(query))


def _tell(subject: Subject, decision: Decision, reason: str) -> None:
    """The other side hears of it; that something is looked at more closely concerns nobody yet."""
    if decision is Decision.REVIEW:
        return
    readers = _readers(subject)
    send_mail(
        to=readers,
        subject=lambda: _outcome(subject, decision),
        body=lambda: _body(_outcome(subject, decision), reason),
        about="moderation.decided",
    )


def _readers(subject: Subject) -> list[Reader]:
    if isinstance(subject, User):
        return [Reader(subject.email, subject.language)]
    owner = subject if isinstance(subject, Organisation) else subject.organisation
    return readers_of(owner.id) if owner is not None else []


def name_of_subject(subject: Subject) -> str:
    if isinstance(subject, User):
        return subject.email
    return subject.title if isinstance(subject, Need) else subject.name


def _outcome(subject: Subject, decision: Decision) -> str:
    name = name_of_subject(subject)
    accepted = (
        _("%(name)s est vérifiée", name=name)
        if isinstance(subject, Organisation)
        else _("%(name)s est publié", name=name)
    )
    words: dict[Decision, Callable[[], str]] = {
        Decision.ACCEPT: lambda: accepted,
        Decision.RETURN: lambda: _("%(name)s est à corriger", name=name),
        Decision.SUSPEND: lambda: _("%(name)s est suspendu", name=name),
        Decision.DELIST: lambda: _("%(name)s est retiré", name=name),
        Decision.REOPEN: lambda: _("%(name)s est rouvert", name=name),
    }
    return words[decision]()


def _body(outcome: str, reason: str) -> str:
    if not reason:
        return _("Bonjour,\n\n%(outcome)s sur Trait d’union.\n\nL’équipe de Trait d’union", outcome=outcome)
    return _(
        "Bonjour,\n\n%(outcome)s sur Trait d’union.\n\nRaison donnée par la modération :\n%(reason)s\n\n"
        "L’équipe de Trait d’union",
        outcome=outcome,
        reason=reason,
    )
