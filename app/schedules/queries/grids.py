"""A schedule version as a grid of participants by slots, and what differs between two versions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.events.enums import Side
from app.events.hours import Period
from app.schedules.frozen import Frozen, FrozenDelegation, FrozenSlot
from app.schedules.models import Placement


@dataclass(frozen=True, slots=True)
class Cell:
    """What a participant does at a slot; nothing set means free."""

    partner: str = ""
    table: int | None = None
    theme: str = ""
    room: int | None = None
    is_pinned: bool = False
    is_away: bool = False
    is_withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    cells: list[Cell]
    meetings: int


@dataclass(frozen=True, slots=True)
class Place:
    """When and at which table, 0-based."""

    period: Period
    table: int


@dataclass(frozen=True, slots=True)
class Difference:
    """One pair whose meeting changes; `before` and `after` are None where there is none."""

    administration: str
    vendor: str
    before: Place | None
    after: Place | None

    @property
    def kind(self) -> str:
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "moved"


def schedule_grid(picture: Frozen, placements: Iterable[Placement], side: Side) -> list[Row]:
    """One row for each delegation of `side`, one cell for each slot of the event as in the picture."""
    busy: dict[tuple[int, int], Cell] = {}
    for session in picture.sessions:
        cell = Cell(theme=session.theme, room=session.room)
        busy |= {(person, session.slot_id): cell for person in session.people}
    pinned = set(picture.pinned)
    for placement in placements:
        mine, partner = (
            (placement.administration_id, placement.vendor_name)
            if side is Side.ADMINISTRATION
            else (placement.vendor_id, placement.administration_name)
        )
        busy[mine, placement.slot_id] = Cell(
            partner=partner,
            table=placement.table,
            is_pinned=placement.pair in pinned,
            is_withdrawn=placement.meeting.withdrawn_at is not None,
        )
    return [_row(one, picture.slots, busy) for one in picture.delegations if one.side == side.value]


def differences(before: Iterable[Placement], after: Iterable[Placement]) -> list[Difference]:
    """Meetings added, removed or moved (hours or table) from one version to the other, by name."""
    old, new = ({placement.pair: placement for placement in version} for version in (before, after))
    changed = []
    for pair in old.keys() | new.keys():
        places = _place(old.get(pair)), _place(new.get(pair))
        if places[0] != places[1]:
            known = new.get(pair) or old[pair]
            changed.append(Difference(known.administration_name, known.vendor_name, *places))
    return sorted(changed, key=lambda item: (item.kind, item.administration, item.vendor))


def _row(delegation: FrozenDelegation, slots: Sequence[FrozenSlot], busy: dict[tuple[int, int], Cell]) -> Row:
    cells = [busy.get((delegation.id, slot.id), Cell(is_away=slot.id in delegation.away)) for slot in slots]
    return Row(delegation.name, cells, sum(bool(cell.partner) and not cell.is_withdrawn for cell in cells))


def _place(placement: Placement | None) -> Place | None:
    return None if placement is None else Place(placement.period, placement.table)
