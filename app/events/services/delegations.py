"""Delegations: who comes, for how many meetings, at which table, and when they are away."""

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import flag_modified

from app.accounts.enums import OrganisationKind, Standing
from app.accounts.models import Organisation
from app.audit.services import record
from app.content.services import Seen, check_seen, worded
from app.content.spec import Content
from app.core.db import db
from app.core.errors import InvalidTransition, RuleBroken
from app.core.i18n import gettext as _
from app.events.enums import Side
from app.events.hours import merged
from app.events.lifecycle import Act, require_allowed
from app.events.models import Delegation, Event
from app.events.queries.delegations import delegations_of, find_delegation
from app.events.services.absences import set_absences
from app.events.signals import delegation_leaving
from app.events.spec import DELEGATION, Terms
from app.permissions import Actor, Permission, require

SIDES = {OrganisationKind.ADMINISTRATION: Side.ADMINISTRATION, OrganisationKind.VENDOR: Side.VENDOR}


def add_delegation(
    actor: Actor, event: Event, organisation: Organisation, terms: Terms, *, side: Side | None = None
) -> Delegation:
    """Register an organisation; its side follows from its kind unless given."""
    require(actor, Permission.EVENT_MANAGE, on=event)
    require_allowed(event, Act.EDIT)
    if organisation.standing is not Standing.ACTIVE:
        message = _("Cette organisation n’est pas vérifiée : elle ne peut pas encore participer.")
        raise RuleBroken(fields={"organisation": message})
    if find_delegation(event.id, organisation.id) is not None:
        raise RuleBroken(fields={"organisation": _("Cette organisation participe déjà à l’événement.")})
    delegation = Delegation(
        event_id=event.id, organisation_id=organisation.id, side=side or SIDES[organisation.kind]
    )
    _check(event, delegation, terms)
    _save(delegation, terms)
    record(actor, "delegation.added", event, organisation_id=organisation.id, side=delegation.side.value)
    return delegation


def edit_delegation(
    actor: Actor, delegation: Delegation, content: Content, *, seen: Seen | None = None
) -> None:
    """Replace what was set. Raises EditConflict when somebody else did since it was `seen`."""
    require(actor, Permission.EVENT_MANAGE, on=delegation)
    require_allowed(delegation.event, Act.EDIT)
    check_seen(DELEGATION, delegation, seen, content)
    terms = Terms.of(content)
    _check(delegation.event, delegation, terms)
    _save(delegation, terms)
    record(actor, "delegation.edited", delegation.event, organisation_id=delegation.organisation_id)


def remove_delegation(actor: Actor, delegation: Delegation) -> None:
    """Take a delegation out, with its requests; refused once a schedule gives it meetings."""
    require(actor, Permission.EVENT_MANAGE, on=delegation)
    require_allowed(delegation.event, Act.EDIT)
    delegation_leaving.send(delegation)
    record(actor, "delegation.removed", delegation.event, organisation_id=delegation.organisation_id)
    db.session.delete(delegation)


def why_not_remove(delegation: Delegation) -> str:
    """Why the delegation cannot be taken out, with what to do instead; "" where it can."""
    try:
        require_allowed(delegation.event, Act.EDIT)
        delegation_leaving.send(delegation)
    except InvalidTransition as error:
        return error.message
    return ""


def _check(event: Event, delegation: Delegation, terms: Terms) -> None:
    if terms.min_meetings > terms.max_meetings:
        raise RuleBroken(fields={"min_meetings": _("Le minimum dépasse le maximum de rendez-vous.")})
    if any(absence.ends_at <= absence.starts_at for absence in terms.absences):
        raise RuleBroken(_("Une indisponibilité finit avant d’avoir commencé : corrigez ses heures."))
    if terms.table is None:
        return
    if delegation.side is Side.VENDOR:
        raise RuleBroken(fields={"table": _("Seule une administration peut avoir une table fixe.")})
    if not 0 <= terms.table < event.tables:
        raise RuleBroken(fields={"table": _("Choisissez une table entre 1 et %(n)d.", n=event.tables)})
    if any(other.table == terms.table and other.id != delegation.id for other in delegations_of(event.id)):
        raise _table_taken()


def _save(delegation: Delegation, terms: Terms) -> None:
    try:
        with db.session.begin_nested():
            delegation.min_meetings, delegation.max_meetings = terms.min_meetings, terms.max_meetings
            delegation.table = terms.table
            db.session.add(delegation)
            flag_modified(delegation, "max_meetings")  # its revision moves with its absences
            with worded():
                set_absences(delegation, merged(terms.absences))
                db.session.flush()
    except IntegrityError as error:  # another organiser took the table meanwhile
        raise _table_taken() from error


def _table_taken() -> RuleBroken:
    return RuleBroken(fields={"table": _("Cette table est déjà celle d’une autre délégation.")})
