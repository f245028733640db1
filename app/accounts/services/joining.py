"""Asking to join an organisation: its managers or a moderator admit or decline, and each side is told."""

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.accounts.enums import AskState
from app.accounts.models import JoinRequest, Organisation, User
from app.accounts.queries import find_organisation_by_siren
from app.accounts.queries.belonging import (
    belonging_rows,
    grantable_roles,
    joins_asked_by,
    managers_of,
    organisation_named,
)
from app.accounts.services.organisations import clean_siren
from app.accounts.services.people import add_member
from app.audit.services import record
from app.core.clock import now
from app.core.db import db, flush_for_id
from app.core.errors import InvalidTransition, NotFound, RuleBroken
from app.core.i18n import gettext as _
from app.outbox.services import Reader, send_mail
from app.permissions import Actor, Permission, Role, require


def organisation_to_join(text: str) -> Organisation:
    """The registered organisation of this SIREN, or of this exact name. Raises RuleBroken on
    `organisation`."""
    digits = "".join(text.split())
    found = find_organisation_by_siren(_siren(digits)) if digits.isdigit() else organisation_named(text)
    if found is None:
        message = _(
            "Aucune organisation inscrite à ce nom ou à ce numéro : donnez son SIREN, ou inscrivez-la."
        )
        raise RuleBroken(fields={"organisation": message})
    return found


def _siren(digits: str) -> str:
    try:
        return clean_siren(digits) or ""
    except RuleBroken as error:
        raise RuleBroken(fields={"organisation": error.message}) from error


def ask_to_join(user: User, organisation: Organisation) -> JoinRequest:
    """Ask; asking again while it waits changes nothing. The managers are told once the person's address is
    confirmed: before that, anybody could use it."""
    if db.session.scalars(belonging_rows(organisation.id, user.id)).first() is not None:
        raise RuleBroken(fields={"organisation": _("Vous faites déjà partie de cette organisation.")})
    request = JoinRequest(user=user, organisation=organisation)
    try:
        with db.session.begin_nested():
            db.session.add(request)
            flush_for_id()
    except IntegrityError:
        return next(asked for asked in joins_asked_by(user.id) if asked.organisation_id == organisation.id)
    record(Actor(user_id=user.id), "join.asked", organisation, user_id=user.id)
    if user.confirmed_at is not None:
        _tell_managers(request)
    return request


def tell_what_waited(user: User) -> None:
    """The person's address has just been confirmed: what they asked may now be decided."""
    for request in joins_asked_by(user.id):
        _tell_managers(request)


def withdraw_join(user: User, request: JoinRequest) -> None:
    if request.user_id != user.id:
        raise NotFound
    _decide(Actor(user_id=user.id), request, AskState.WITHDRAWN)


def admit(actor: Actor, request: JoinRequest, role: Role | None = None) -> None:
    """The person becomes a member in `role`, by default the first that the actor may give."""
    require(actor, Permission.PEOPLE_MANAGE, on=request)
    roles = grantable_roles(actor, request.organisation)
    if role is None:
        role = roles[0]
    if role not in roles:
        raise RuleBroken(_("Vous ne pouvez pas donner ce rôle."))
    if request.user.confirmed_at is None:
        raise InvalidTransition(_("Cette personne n’a pas encore confirmé son adresse."))
    _decide(actor, request, AskState.ACCEPTED)
    add_member(actor, request.organisation, request.user, role)
    _tell_person(request)


def decline(actor: Actor, request: JoinRequest, *, reason: str) -> None:
    require(actor, Permission.PEOPLE_MANAGE, on=request)
    if not reason.strip():
        raise RuleBroken(fields={"reason": _("Dites pourquoi : la personne lira cette raison.")})
    _decide(actor, request, AskState.DECLINED, reason.strip())
    _tell_person(request)


def _decide(actor: Actor, request: JoinRequest, state: AskState, reason: str = "") -> None:
    """Claim the decision; of two at the same instant only one is taken."""
    waiting = sa.update(JoinRequest).where(
        JoinRequest.id == request.id, JoinRequest.state == AskState.WAITING
    )
    taken = db.session.execute(
        waiting.values(state=state, reason=reason, decided_by_id=actor.user_id, decided_at=now())
    )
    if not taken.rowcount:  # type: ignore[attr-defined]  # an UPDATE answers with a CursorResult
        raise InvalidTransition(_("Cette demande a déjà reçu sa réponse : rechargez la page."))
    db.session.refresh(request)
    record(actor, f"join.{state.value}", request.organisation, user_id=request.user_id, reason=reason)


def _tell_managers(request: JoinRequest) -> None:
    person, name = request.user, request.organisation.name
    send_mail(
        to=managers_of(request.organisation_id),
        subject=lambda: _("%(person)s demande à rejoindre %(name)s", person=person.name, name=name),
        body=lambda: _(
            "Bonjour,\n\n%(person)s (%(email)s) demande à rejoindre %(name)s sur Trait d’union.\n\n"
            "Admettez ou déclinez cette demande depuis la page de votre organisation.\n\n"
            "L’équipe de Trait d’union",
            person=person.name,
            email=person.email,
            name=name,
        ),
        about="join.asked",
    )


def _tell_person(request: JoinRequest) -> None:
    name, reason, admitted = request.organisation.name, request.reason, request.state is AskState.ACCEPTED
    send_mail(
        to=[Reader(request.user.email, request.user.language)],
        subject=lambda: (
            _("Vous faites partie de %(name)s", name=name)
            if admitted
            else _("Votre demande de rejoindre %(name)s est déclinée", name=name)
        ),
        body=lambda: (
            _(
                "Bonjour,\n\nVotre demande est acceptée : vous faites partie de %(name)s. "
                "Connectez-vous de nouveau pour commencer.\n\nL’équipe de Trait d’union",
                name=name,
            )
            if admitted
            else _(
                "Bonjour,\n\nVotre demande de rejoindre %(name)s est déclinée.\n\n"
                "Raison donnée :\n%(reason)s\n\n"
                "L’équipe de Trait d’union",
                name=name,
                reason=reason,
            )
        ),
        about="join.decided",
    )
