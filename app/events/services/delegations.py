"""Delegations: who comes, for how many meetings, at which table, and when they are away."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy.exc import IntegrityError

from app.accounts.enums import OrganisationKind
from app.accounts.models import Organisation
from app.audit.services import record
from app.core.db import db, flush_for_id
from app.core.errors import InvalidTransition, RuleBroken
from app.core.i18n import gettext as _
from app.events.enums import EventStatus, Side
from app.events.models import Absence, Delegation, Event
from app.events.queries.delegations import delegations_of, find_delegation
from app.events.signals import delegation_leaving
from app.permissions import Actor, Permission, require

SIDES = {OrganisationKind.ADMINISTRATION: Side.ADMINISTRATION, OrganisationKind.VENDOR: Side.VENDOR}


class _Terms(NamedTuple):
    """What an organiser sets for a delegation."""

    min_meetings: int
    max_meetings: int
    table: int | None
    absent_slot_ids: frozenset[int]


def add_delegation(
    actor: Actor,
    event: Event,
    organisation: Organisation,
    *,
    max_meetings: int,
    min_meetings: int = 0,
    table: int | None = None,
    absent_slot_ids: Collection[int] = (),
    side: Side | None = None,
) -> Delegation:
    """Register an organisation; its side follows from its kind unless given. `table` is 0-based."""
    require(actor, Permission.EVENT_MANAGE, on=event)
    _require_not_closed(event)
    if find_delegation(event.id, organisation.id) is not None:
        raise RuleBroken(fields={"organisation": _("Cette organisation participe déjà à l’événement.")})
    delegation = Delegation(
        event_id=event.id, organisation_id=organisation.id, side=side or SIDES[organisation.kind]
    )
    terms = _Terms(min_meetings, max_meetings, table, frozenset(absent_slot_ids))
    _check(event, delegation, terms)
    _save(event, delegation, terms)
    record(actor, "delegation.added", event, organisation_id=organisation.id, side=delegation.side.value)
    return delegation


def edit_delegation(
    actor: Actor,
    delegation: Delegation,
    *,
    min_meetings: int,
    max_meetings: int,
    table: int | None,
    absent_slot_ids: Collection[int],
) -> None:
    require(actor, Permission.EVENT_MANAGE, on=delegation)
    _require_not_closed(delegation.event)
    terms = _Terms(min_meetings, max_meetings, table, frozenset(absent_slot_ids))
    _check(delegation.event, delegation, terms)
    _save(delegation.event, delegation, terms)
    record(actor, "delegation.edited", delegation.event, organisation_id=delegation.organisation_id)


def remove_delegation(actor: Actor, delegation: Delegation) -> None:
    """Take a delegation out, with its requests; refused once a schedule gives it meetings."""
    require(actor, Permission.EVENT_MANAGE, on=delegation)
    _require_not_closed(delegation.event)
    delegation_leaving.send(delegation)
    record(actor, "delegation.removed", delegation.event, organisation_id=delegation.organisation_id)
    db.session.delete(delegation)


def _check(event: Event, delegation: Delegation, terms: _Terms) -> None:
    if terms.min_meetings > terms.max_meetings:
        raise RuleBroken(fields={"min_meetings": _("Le minimum dépasse le maximum de rendez-vous.")})
    if terms.table is None:
        return
    if delegation.side is Side.VENDOR:
        raise RuleBroken(fields={"table": _("Seule une administration peut avoir une table fixe.")})
    if not 0 <= terms.table < event.tables:
        raise RuleBroken(fields={"table": _("Choisissez une table entre 1 et %(n)d.", n=event.tables)})
    if any(other.table == terms.table and other.id != delegation.id for other in delegations_of(event.id)):
        raise _table_taken()


def _save(event: Event, delegation: Delegation, terms: _Terms) -> None:
    wanted = {slot.id for slot in event.slots} & terms.absent_slot_ids
    try:
        with db.session.begin_nested():
            delegation.min_meetings, delegation.max_meetings = terms.min_meetings, terms.max_meetings
            delegation.table = terms.table
            kept = [absence for absence in delegation.absences if absence.slot_id in wanted]
            known = {absence.slot_id for absence in kept}
            delegation.absences = kept + [Absence(slot_id=slot_id) for slot_id in sorted(wanted - known)]
            db.session.add(delegation)
            flush_for_id()
    except IntegrityError as error:  # another organiser took the table meanwhile
        raise _table_taken() from error


def _table_taken() -> RuleBroken:
    return RuleBroken(fields={"table": _("Cette table est déjà celle d’une autre délégation.")})


def _require_not_closed(event: Event) -> None:
    if event.status is EventStatus.CLOSED:
        raise InvalidTransition(_("Cet événement est clos."))
