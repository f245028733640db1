"""A schedule version as a grid of participants by slots, and what differs between two versions."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.events.enums import DayEventKind, Side
from app.events.models import DayEvent, Delegation, Slot
from app.events.queries.days import day_events_of
from app.events.queries.delegations import delegations_of
from app.meetings.enums import InvitationState, PairRuleKind
from app.meetings.models import GroupSession, PairRule
from app.meetings.queries.rules import pair_rules_of
from app.meetings.queries.sessions import sessions_of
from app.schedules.models import Meeting, ScheduleVersion


@dataclass(frozen=True, slots=True)
class Cell:
    """What a participant does at a slot; nothing set means free."""

    partner: str = ""
    table: int | None = None
    theme: str = ""
    room: int | None = None
    is_pinned: bool = False
    is_away: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    delegation: Delegation
    cells: list[Cell]
    meetings: int


@dataclass(frozen=True, slots=True)
class Difference:
    """One pair whose meeting changes; `before` and `after` are (slot, table), None where there is none."""

    administration: str
    vendor: str
    before: tuple[Slot, int] | None
    after: tuple[Slot, int] | None

    @property
    def kind(self) -> str:
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "moved"


def schedule_grid(version: ScheduleVersion, side: Side, slots: Sequence[Slot]) -> list[Row]:
    """One row for each delegation of `side`, one cell for each slot."""
    delegations = delegations_of(version.event_id)
    names = {delegation.id: delegation.organisation.name for delegation in delegations}
    pinned = _pinned(pair_rules_of(version.event_id))
    busy: dict[tuple[int, int], Cell] = {}
    for session in sessions_of(version.event_id):
        busy |= dict.fromkeys(_seated(session), Cell(theme=session.theme, room=session.room))
    for meeting in version.meetings:
        mine, other = _from_side(meeting, side)
        is_pinned = (meeting.administration_id, meeting.vendor_id) in pinned
        busy[mine, meeting.slot_id] = Cell(partner=names[other], table=meeting.table, is_pinned=is_pinned)
    away = _away(delegations, day_events_of(version.event_id), slots)
    return [_row(delegation, slots, busy, away) for delegation in delegations if delegation.side is side]


def differences(
    before: ScheduleVersion, after: ScheduleVersion, delegations: Iterable[Delegation]
) -> list[Difference]:
    """Meetings added, removed or moved (slot or table) from one version to the other, by name."""
    names = {delegation.id: delegation.organisation.name for delegation in delegations}
    old, new = _placed(before), _placed(after)
    changed = [
        Difference(names[pair[0]], names[pair[1]], old.get(pair), new.get(pair))
        for pair in old.keys() | new.keys()
        if _place_id(old.get(pair)) != _place_id(new.get(pair))
    ]
    return sorted(changed, key=lambda item: (item.kind, item.administration, item.vendor))


def _row(
    delegation: Delegation,
    slots: Sequence[Slot],
    busy: Mapping[tuple[int, int], Cell],
    away: Collection[tuple[int, int]],
) -> Row:
    places = [(delegation.id, slot.id) for slot in slots]
    cells = [busy.get(place, Cell(is_away=place in away)) for place in places]
    return Row(delegation, cells, sum(1 for cell in cells if cell.partner))


def _away(
    delegations: Iterable[Delegation], events: Iterable[DayEvent], slots: Sequence[Slot]
) -> set[tuple[int, int]]:
    """(delegation, slot) of every absence, registered beforehand or recorded on the day."""
    away = {(delegation.id, absence.slot_id) for delegation in delegations for absence in delegation.absences}
    for event in events:
        if event.delegation_id is not None and event.kind in (DayEventKind.NO_SHOW, DayEventKind.LATE):
            end = len(slots) if event.until is None else event.until.position
            away |= {(event.delegation_id, slot.id) for slot in slots[event.slot.position : end]}
    return away


def _from_side(meeting: Meeting, side: Side) -> tuple[int, int]:
    pair = (meeting.administration_id, meeting.vendor_id)
    return pair if side is Side.ADMINISTRATION else pair[::-1]


def _seated(session: GroupSession) -> list[tuple[int, int]]:
    """(delegation, slot) of everyone the session occupies."""
    accepted = [i.vendor_id for i in session.invitations if i.state is InvitationState.ACCEPTED]
    return [(delegation_id, session.slot_id) for delegation_id in (session.host_id, *accepted)]


def _pinned(rules: Iterable[PairRule]) -> set[tuple[int, int]]:
    return {(rule.administration_id, rule.vendor_id) for rule in rules if rule.kind is PairRuleKind.PINNED}


def _placed(version: ScheduleVersion) -> dict[tuple[int, int], tuple[Slot, int]]:
    return {(m.administration_id, m.vendor_id): (m.slot, m.table) for m in version.meetings}


def _place_id(place: tuple[Slot, int] | None) -> tuple[int, int] | None:
    return None if place is None else (place[0].id, place[1])
