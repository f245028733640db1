"""Meetings where a version holds them: placed, carried over, frozen, and what calendars hear of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.core.db import db
from app.events.enums import DayEventKind
from app.events.models import DayEvent, Delegation, Event, Slot
from app.events.queries.days import day_events_of
from app.events.queries.delegations import delegations_of
from app.meetings.enums import InvitationState, PairRuleKind
from app.meetings.models import GroupSession
from app.meetings.queries.rules import pair_rules_of
from app.meetings.queries.sessions import sessions_of
from app.schedules.frozen import Frozen, FrozenDelegation, FrozenSession, FrozenSlot
from app.schedules.models import Meeting, Placement, ScheduleVersion
from app.schedules.queries.versions import meetings_of_event


@dataclass(frozen=True, slots=True)
class Seat:
    """One meeting as the planner places it: two delegations, a slot, a table (0-based)."""

    administration_id: int
    vendor_id: int
    slot: Slot
    table: int


def placed(event: Event, seats: Iterable[Seat]) -> list[Placement]:
    """The seats as placements of the event's meetings; two who never met before get theirs."""
    known = meetings_of_event(event.id)
    names = {item.id: item.organisation.name for item in delegations_of(event.id)}
    found = []
    for seat in seats:
        pair = seat.administration_id, seat.vendor_id
        meeting = known.get(pair) or Meeting(event_id=event.id, administration_id=pair[0], vendor_id=pair[1])
        db.session.add(meeting)
        found.append(
            Placement(
                meeting=meeting,
                slot_id=seat.slot.id,
                starts_at=seat.slot.starts_at,
                ends_at=seat.slot.ends_at,
                table=seat.table,
                administration_name=names[pair[0]],
                vendor_name=names[pair[1]],
            )
        )
    return found


def follow_slots(event: Event, placements: Iterable[Placement]) -> None:
    """Give the meetings of a draft the hours and names of today."""
    slots = {slot.id: slot for slot in event.slots}
    names = {item.id: item.organisation.name for item in delegations_of(event.id)}
    for placement in placements:
        slot = slots.get(placement.slot_id)
        if slot is not None:
            placement.starts_at, placement.ends_at = slot.starts_at, slot.ends_at
        placement.administration_name = names[placement.administration_id]
        placement.vendor_name = names[placement.vendor_id]


def carried_over(event: Event, version: ScheduleVersion) -> list[Placement]:
    """The meetings that the version holds and that stand, at the hours their slots have now."""
    slots = {slot.id: slot for slot in event.slots}
    return placed(
        event,
        [
            Seat(*placement.pair, slots[placement.slot_id], placement.table)
            for placement in version.placements
            if placement.meeting.withdrawn_at is None
        ],
    )


def picture_of(event: Event) -> Frozen:
    """The event as it is now, to be frozen with a version or drawn as a grid."""
    delegations, recorded = delegations_of(event.id), day_events_of(event.id)
    return Frozen(
        name=event.name,
        place=event.place,
        timezone=event.timezone,
        slots=tuple(FrozenSlot(slot.id, slot.starts_at, slot.ends_at) for slot in event.slots),
        delegations=tuple(
            FrozenDelegation(
                item.id,
                item.organisation.name,
                item.side.value,
                tuple(slot.id for slot in event.slots if _is_away(item, slot, recorded)),
            )
            for item in delegations
        ),
        sessions=tuple(_session(session) for session in sessions_of(event.id)),
        pinned=tuple(
            (rule.administration_id, rule.vendor_id)
            for rule in pair_rules_of(event.id)
            if rule.kind is PairRuleKind.PINNED
        ),
    )


def note_changes(previous: ScheduleVersion | None, version: ScheduleVersion, moment: datetime) -> None:
    """Let each meeting know what its publication changes, so that calendars can follow."""
    old = {} if previous is None else {item.meeting_id: item for item in previous.placements}
    where_changed = previous is not None and _where(previous) != _where(version)
    for placement in version.placements:
        meeting, former = placement.meeting, old.pop(placement.meeting_id, None)
        same = former is not None and _same(former, placement) and not where_changed
        if meeting.changed_at is None:
            meeting.changed_at = moment
        elif not same or meeting.withdrawn_at is not None:
            meeting.sequence, meeting.changed_at, meeting.withdrawn_at = meeting.sequence + 1, moment, None
    for former in old.values():
        withdraw(former.meeting, moment)


def withdraw(meeting: Meeting, moment: datetime) -> None:
    """It was published and takes place no more."""
    if meeting.withdrawn_at is None:
        meeting.sequence += 1
        meeting.changed_at = meeting.withdrawn_at = moment


def _is_away(delegation: Delegation, slot: Slot, recorded: Iterable[DayEvent]) -> bool:
    """Absent by what was registered beforehand or recorded on the day."""
    return delegation.is_away(slot.period) or any(
        item.delegation_id == delegation.id
        and item.kind in (DayEventKind.NO_SHOW, DayEventKind.LATE)
        and item.covers(slot.starts_at)
        for item in recorded
    )


def _session(session: GroupSession) -> FrozenSession:
    accepted = [i.vendor_id for i in session.invitations if i.state is InvitationState.ACCEPTED]
    people = (session.host_id, *accepted)
    return FrozenSession(session.id, session.theme, session.slot_id or 0, session.room, people)


def _where(version: ScheduleVersion) -> tuple[str, str] | None:
    return None if version.told is None else (version.told.place, version.told.timezone)


def _same(one: Placement, other: Placement) -> bool:
    return (one.period, one.table) == (other.period, other.table)
