"""What an event says, field by field: the same for its form, its versions, their differences and merging."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from app.content.spec import Day, Field, LongText, Number, Spec
from app.core.checks import text_errors
from app.core.db import db
from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.events.hours import Period, zone_of
from app.events.models import Event, EventDraft, EventVersion, Slot
from app.events.spec.fields import Line, Moment, Programme, is_possible, lines_of, local

MOST_TABLES, MOST_ROOMS = 2000, 200
LONGEST = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Settings:
    """What an organiser says of an event; `wishes_until` is an instant, None until the last slot."""

    name: str
    place: str
    tables: int
    rooms: int = 0
    timezone: str = "Europe/Paris"
    description: str = ""
    wishes_until: datetime | None = None

    def values(self) -> dict[str, Any]:
        """Of the content of an event that has no slot yet."""
        return {**asdict(self), "held_on": None, "slots": []}


def check(values: Mapping[str, Any]) -> None:
    """Raise RuleBroken naming every field that an event cannot hold: a draft may say more."""
    zone_of(values["timezone"])
    fields = text_errors(Event, {name: values[name] for name in _SIMPLE})
    for name in ("name", "place"):
        if not (values[name] or "").strip():
            fields[name] = _("Ce champ est obligatoire.")
    for name, least, most in (("tables", 1, MOST_TABLES), ("rooms", 0, MOST_ROOMS)):
        if not least <= (values[name] or 0) <= most:
            fields[name] = _("Saisissez un nombre entre %(least)d et %(n)d.", least=least, n=most)
    if not is_possible(values["held_on"]):
        fields["held_on"] = _("Choisissez une date de ce siècle.")
    if fields:
        raise RuleBroken(fields=fields)
    _check_slots(values)


def periods_of(values: Mapping[str, Any]) -> list[Period]:
    """When each line of the programme is. Raises RuleBroken where clocks skip one of its hours."""
    zone, lines = zone_of(values["timezone"]), values["slots"]
    if not lines:
        return []
    if values["held_on"] is None:
        raise RuleBroken(fields={"held_on": _("Ce champ est obligatoire.")})
    try:
        return [line.period(values["held_on"], zone) for line in lines]
    except RuleBroken as error:
        text = _(
            "À cette date, un créneau tomberait sur une heure qui n’existe pas : %(why)s", why=error.message
        )
        raise RuleBroken(fields={"held_on": text}) from error


def matched(event: Event, lines: Sequence[Line], periods: Sequence[Period]) -> dict[int, Slot]:
    """Rank of each line of a slot there is -> that slot: by identifier, else by the moment it starts."""
    by_id = {slot.id: slot for slot in event.slots}
    found = {rank: by_id[line.id] for rank, line in enumerate(lines) if line.id in by_id}
    by_start = {slot.starts_at: slot for slot in event.slots if slot not in found.values()}
    for rank, span in enumerate(periods):
        if rank not in found and span.starts_at in by_start:
            found[rank] = by_start[span.starts_at]
    return found


def _check_slots(values: Mapping[str, Any]) -> None:
    lines: Sequence[Line] = values["slots"]
    if any(not 0 <= (line.tables or 0) <= MOST_TABLES for line in lines):
        raise RuleBroken(_("Le nombre de tables d’un créneau va de 0 à %(n)d.", n=MOST_TABLES))
    identified = [line.id for line in lines if line.id is not None]
    if len(identified) != len(set(identified)):
        raise RuleBroken(_("Un créneau est dit deux fois : corrigez le programme."))
    ordered = sorted(periods_of(values))
    if any(span.ends_at - span.starts_at > LONGEST for span in ordered):
        raise RuleBroken(_("Un créneau dure plus de 12 heures : corrigez ses heures."))
    for before, after in pairwise(ordered):
        if after.starts_at < before.ends_at:
            raise RuleBroken(_("Deux créneaux se chevauchent : corrigez leurs heures."))


def _read(event: Event) -> Mapping[str, Any]:
    first, lines = lines_of([(slot.period, slot.tables, slot.id) for slot in event.slots], event.zone)
    return {
        **{name: getattr(event, name) for name in _SIMPLE},
        "wishes_until": local(event.wishes_until, event.zone),
        "held_on": first,
        "slots": lines,
    }


def _write(event: Event, values: Mapping[str, Any]) -> None:
    """Settings and slots. One that stays keeps its identity, whatever its hours, and no other one moves."""
    check(values)
    lines, periods = values["slots"], periods_of(values)
    known = matched(event, lines, periods)
    for name in _SIMPLE:
        value = values[name]
        setattr(event, name, value.strip() if isinstance(value, str) else value or 0)
    until = values["wishes_until"]
    event.wishes_until = None if until is None else until.astimezone(UTC)
    slots = [known.get(rank) or Slot() for rank in range(len(lines))]
    for slot, line, span in zip(slots, lines, periods, strict=True):
        slot.starts_at, slot.ends_at, slot.tables = span.starts_at, span.ends_at, line.tables
    event.slots = sorted(slots, key=lambda slot: slot.starts_at)
    if any(slot.id is None for slot in slots):
        db.session.flush()  # versions name the new ones


_SIMPLE = ("name", "place", "description", "timezone", "tables", "rooms")

EVENT: Spec[Event] = Spec(
    fields=(
        Field("name", _l("Nom de l’événement")),
        Field("place", _l("Lieu")),
        Day("held_on", _l("Premier jour")),
        Field("timezone", _l("Fuseau horaire"), empty="Europe/Paris"),
        Number("tables", _l("Nombre de tables")),
        Number("rooms", _l("Nombre de salles")),
        Moment("wishes_until", _l("Demandes de rencontre jusqu’au")),
        LongText("description", _l("Présentation")),
        Programme("slots", _l("Créneaux")),
    ),
    versions=EventVersion,
    drafts=EventDraft,
    read=_read,
    write=_write,
)
