"""What an organiser records on the day; see `repairs` for what is made of it."""

from app.accounts.models import Organisation
from app.audit.services import record
from app.core.db import db, flush_for_id
from app.core.errors import InvalidTransition, RuleBroken
from app.core.i18n import gettext as _
from app.events.enums import DayEventKind
from app.events.hours import Period
from app.events.lifecycle import Act, require_allowed
from app.events.models import DayEvent, Delegation, Event, Slot
from app.events.queries.days import day_events_of, slots_to_come, started_slots
from app.events.services import Terms, add_delegation
from app.permissions import Actor, Permission, require


def record_no_show(actor: Actor, event: Event, delegation: Delegation, slot: Slot) -> DayEvent:
    """The delegation attends nothing from `slot` on."""
    _require_silent(event, delegation)
    return _record(
        actor, event, DayEvent(kind=DayEventKind.NO_SHOW, delegation=delegation, from_at=slot.starts_at)
    )


def record_late_arrival(actor: Actor, event: Event, delegation: Delegation, until: Slot) -> DayEvent:
    """The delegation attends nothing before `until`."""
    coming = _require_running(event)
    if until not in coming[1:]:
        raise RuleBroken(fields={"until": _("Choisissez un créneau après le prochain.")})
    _require_silent(event, delegation)
    late = DayEvent(
        kind=DayEventKind.LATE, delegation=delegation, from_at=coming[0].starts_at, until_at=until.starts_at
    )
    return _record(actor, event, late)


def record_lost_tables(actor: Actor, event: Event, tables: int, slot: Slot) -> DayEvent:
    """So many tables, those of the highest numbers, are out of use from `slot` on."""
    lost = sum(found.tables or 0 for found in day_events_of(event.id))
    if lost + tables > event.tables:
        left = event.tables - lost
        raise RuleBroken(fields={"tables": _("Il reste %(n)d tables en service.", n=left)})
    return _record(
        actor, event, DayEvent(kind=DayEventKind.LOST_TABLES, tables=tables, from_at=slot.starts_at)
    )


def record_newcomer(
    actor: Actor, event: Event, organisation: Organisation, *, min_meetings: int, max_meetings: int
) -> DayEvent:
    """An organisation joins: it can be met from the next slot on."""
    coming = _require_running(event)
    gone = (Period(event.slots[0].starts_at, coming[0].starts_at),) if started_slots(event) else ()
    terms = Terms(max_meetings=max_meetings, min_meetings=min_meetings, absences=gone)
    delegation = add_delegation(actor, event, organisation, terms)
    joined = DayEvent(kind=DayEventKind.NEWCOMER, delegation=delegation, from_at=coming[0].starts_at)
    return _record(actor, event, joined)


def forget_event(actor: Actor, event: Event, day_event: DayEvent) -> None:
    """Take back what was recorded by mistake; a delegation that joined stays registered."""
    require(actor, Permission.EVENT_MANAGE, on=event)
    require_allowed(event, Act.REPAIR)
    record(actor, "day_event.forgotten", event, kind=day_event.kind.value)
    db.session.delete(day_event)


def _record(actor: Actor, event: Event, found: DayEvent) -> DayEvent:
    require(actor, Permission.EVENT_MANAGE, on=event)
    if found.from_at not in [slot.starts_at for slot in _require_running(event)]:
        raise RuleBroken(fields={"slot": _("Ce créneau a commencé : choisissez-en un à venir.")})
    found.event_id, found.recorded_by_id = event.id, actor.user_id
    db.session.add(found)
    flush_for_id()
    record(actor, "day_event.recorded", event, kind=found.kind.value, delegation_id=found.delegation_id)
    return found


def _require_silent(event: Event, delegation: Delegation) -> None:
    """Two absences of one delegation would contradict each other: the first is taken back before."""
    kinds = (DayEventKind.NO_SHOW, DayEventKind.LATE)
    if any(e.delegation_id == delegation.id and e.kind in kinds for e in day_events_of(event.id)):
        text = _("Une absence ou un retard est déjà noté pour elle : annulez-le d’abord.")
        raise RuleBroken(fields={"delegation": text})


def _require_running(event: Event) -> list[Slot]:
    """The slots to come; raises where nothing can be mended any more."""
    require_allowed(event, Act.REPAIR)
    coming = slots_to_come(event)
    if not coming:
        raise InvalidTransition(_("Tous les créneaux ont commencé : plus rien ne peut changer."))
    return coming
