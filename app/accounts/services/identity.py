"""The name and the identifier of an organisation: those of a checked one change by a moderator only, for
they are what it was checked by."""

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.accounts.enums import AskState, OrganisationKind, Standing
from app.accounts.models import IdentityChange, Organisation
from app.accounts.queries import find_organisation_by_siren, readers_of
from app.accounts.queries.identity import waiting_identity_of
from app.accounts.signals import vendor_saved
from app.audit.services import record
from app.core.clock import now
from app.core.db import db, flush_for_id
from app.core.errors import Conflict, InvalidTransition, RuleBroken
from app.core.i18n import gettext as _
from app.outbox.services import send_mail
from app.permissions import Actor, Permission, can, require

UNCHECKED = (Standing.WAITING, Standing.RETURNED)


def name_organisation(actor: Actor, organisation: Organisation, *, name: str, siren: str | None) -> bool:
    """Give the organisation this name and identifier, or have them wait for a moderator where it has been
    checked. False when they wait. Raises RuleBroken on `siren` when another organisation has it."""
    if (name, siren) == (organisation.name, organisation.siren):
        return True
    _refuse_taken(organisation, siren)
    if organisation.standing in UNCHECKED or can(actor, Permission.SUBJECT_MODERATE):
        organisation.name, organisation.siren = name, siren
        return True
    _propose(actor, organisation, name, siren)
    return False


def accept_identity(actor: Actor, change: IdentityChange) -> None:
    """Apply what was asked; the page keeps its address."""
    require(actor, Permission.SUBJECT_MODERATE)
    organisation = change.organisation
    _refuse_taken(organisation, change.siren)
    before = {"name": organisation.name, "siren": organisation.siren}
    _decide(actor, change, AskState.ACCEPTED)
    try:
        with db.session.begin_nested():  # the number may have been registered this instant
            organisation.name, organisation.siren = change.name, change.siren
            flush_for_id()
    except IntegrityError as error:
        raise Conflict(_taken()) from error
    record(actor, "organisation.renamed", organisation, before=before, name=change.name, siren=change.siren)
    if organisation.kind is OrganisationKind.VENDOR:
        vendor_saved.send(organisation.id, actor=actor)
    _tell(change)


def return_identity(actor: Actor, change: IdentityChange, *, reason: str) -> None:
    """Leave the organisation as it is, saying why."""
    require(actor, Permission.SUBJECT_MODERATE)
    if not reason.strip():
        raise RuleBroken(fields={"reason": _("Dites pourquoi : la personne concernée lira cette raison.")})
    _decide(actor, change, AskState.DECLINED, reason.strip())
    record(actor, "organisation.renaming_returned", change.organisation, reason=reason.strip())
    _tell(change)


def withdraw_identity(actor: Actor, organisation: Organisation) -> None:
    """Its people take back what they asked."""
    require(actor, Permission.ORGANISATION_EDIT, on=organisation)
    change = waiting_identity_of(organisation)
    if change is None:
        raise InvalidTransition(_("Aucun changement n’attend."))
    _decide(actor, change, AskState.WITHDRAWN)
    record(actor, "organisation.renaming_withdrawn", organisation)


def _propose(actor: Actor, organisation: Organisation, name: str, siren: str | None) -> None:
    earlier = waiting_identity_of(organisation)
    if earlier is not None:
        _decide(actor, earlier, AskState.WITHDRAWN)
    change = IdentityChange(organisation=organisation, name=name, siren=siren, asked_by_id=actor.user_id)
    try:
        with db.session.begin_nested():
            db.session.add(change)
            flush_for_id()
    except IntegrityError as error:
        raise Conflict(
            _("Une autre personne vient de demander un changement : rechargez la page.")
        ) from error
    record(actor, "organisation.renaming_asked", organisation, name=name, siren=siren)


def _refuse_taken(organisation: Organisation, siren: str | None) -> None:
    holder = find_organisation_by_siren(siren) if siren else None
    if holder is not None and holder.id != organisation.id:
        raise RuleBroken(fields={"siren": _taken()})


def _taken() -> str:
    return _("Une autre organisation est inscrite sous ce numéro SIREN.")


def _decide(actor: Actor, change: IdentityChange, state: AskState, reason: str = "") -> None:
    """Claim the decision; of two at the same instant only one is taken."""
    waiting = sa.update(IdentityChange).where(
        IdentityChange.id == change.id, IdentityChange.state == AskState.WAITING
    )
    taken = db.session.execute(
        waiting.values(state=state, reason=reason, decided_by_id=actor.user_id, decided_at=now())
    )
    if not taken.rowcount:  # type: ignore[attr-defined]  # an UPDATE answers with a CursorResult
        raise InvalidTransition(_("Cette demande a déjà reçu sa réponse : rechargez la page."))
    db.session.refresh(change)


def _tell(change: IdentityChange) -> None:
    name, reason, accepted = change.name, change.reason, change.state is AskState.ACCEPTED
    send_mail(
        to=readers_of(change.organisation_id),
        subject=lambda: (
            _("Votre organisation s’appelle maintenant %(name)s", name=name)
            if accepted
            else _("Le changement demandé pour votre organisation est à corriger")
        ),
        body=lambda: (
            _(
                "Bonjour,\n\nLe changement de nom ou de numéro demandé est accepté : %(name)s, "
                "SIREN %(siren)s.\n\nL’équipe de Trait d’union",
                name=name,
                siren=change.siren or _("aucun"),
            )
            if accepted
            else _(
                "Bonjour,\n\nLe changement de nom ou de numéro demandé (%(name)s) n’est pas fait.\n\n"
                "Raison donnée par la modération :\n%(reason)s\n\nL’équipe de Trait d’union",
                name=name,
                reason=reason,
            )
        ),
        about="organisation.identity",
    )
