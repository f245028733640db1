"""What an event says, field by field: the same for its form, its versions, their differences and merging.

An event has no draft beside what is public: what its organiser saves is public at once, as a new version."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.content.spec import Content, Day, Field, LongText, Number, Spec
from app.core.checks import text_errors
from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.events.hours import zone_of
from app.events.models import Event, EventVersion
from app.web.templating import full_date

MOST_TABLES, MOST_ROOMS = 2000, 200


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

    def content(self, seen: Content, held_on: date | None) -> Content:
        """These settings over what their author had read, which says the rest."""
        values = {**asdict(self), "wishes_until": local(self.wishes_until, zone_of(self.timezone))}
        if held_on is not None:
            values["held_on"] = held_on
        said = {field.name: field.dump(values[field.name]) for field in EVENT.fields if field.name in values}
        return {**seen, **said}


@dataclass(frozen=True, slots=True)
class Moment(Field):
    """An instant to the minute, kept as the clocks of the event show it, with their offset."""

    empty: Any = None

    def dump(self, value: Any) -> str | None:
        return None if value is None else value.isoformat(timespec="minutes")

    def load(self, stored: Any) -> datetime | None:
        return datetime.fromisoformat(stored) if stored else None

    def show(self, stored: Any) -> str:
        moment = self.load(stored)
        return "" if moment is None else f"{full_date(moment.date())}, {moment:%H:%M}"


@dataclass(frozen=True, slots=True)
class Programme(LongText):
    """The slots in order: [start, end, tables of its own or None], at the hours of the event's clocks."""

    empty: Any = ()

    def dump(self, value: Any) -> Any:
        return [[*_hours(start, end), _count(tables)] for start, end, tables in value or ()]

    def load(self, stored: Any) -> list[tuple[datetime, datetime, int | None]]:
        return [(*_moments(start, end), tables) for start, end, tables in stored or ()]

    def show(self, stored: Any) -> str:
        return "\n".join(_slot_line(*slot) for slot in self.load(stored))

    def merge(self, base: Any, theirs: Any, mine: Any) -> tuple[Any, bool]:
        return Field(self.name, self.label).merge(base, theirs, mine)


def local(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    """The instant as clocks of the zone show it."""
    return None if moment is None else moment.astimezone(zone)


def check(settings: Settings) -> None:
    """Raise RuleBroken naming every setting that an event cannot hold."""
    zone_of(settings.timezone)
    fields = text_errors(Event, asdict(settings))
    for name in ("name", "place"):
        if not getattr(settings, name).strip():
            fields[name] = _("Ce champ est obligatoire.")
    if not 0 < (settings.tables or 0) <= MOST_TABLES:
        fields["tables"] = _("Saisissez un nombre entre 1 et %(n)d.", n=MOST_TABLES)
    if not 0 <= (settings.rooms or 0) <= MOST_ROOMS:
        fields["rooms"] = _("Saisissez un nombre entre 0 et %(n)d.", n=MOST_ROOMS)
    if fields:
        raise RuleBroken(fields=fields)


def _hours(start: datetime, end: datetime) -> list[str]:
    return [moment.isoformat(timespec="minutes") for moment in (start, end)]


def _moments(start: str, end: str) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(start), datetime.fromisoformat(end)


def _count(tables: int | None) -> int | None:
    if tables is not None and not isinstance(tables, int):
        raise TypeError(f"{tables!r} is no number of tables")
    return tables


def _slot_line(start: datetime, end: datetime, tables: int | None) -> str:
    line = f"{full_date(start.date())}, {start:%H:%M} – {end:%H:%M}"
    return line if tables is None else _("%(hours)s, %(n)d tables", hours=line, n=tables)


def _read(event: Event) -> Mapping[str, Any]:
    slots = [
        (slot.starts_at.astimezone(event.zone), slot.ends_at.astimezone(event.zone), slot.tables)
        for slot in event.slots
    ]
    return {
        **{name: getattr(event, name) for name in _SIMPLE},
        "wishes_until": local(event.wishes_until, event.zone),
        "held_on": event.days[0] if event.days else None,
        "slots": sorted(slots, key=lambda slot: slot[0]),
    }


def _write(event: Event, values: Mapping[str, Any]) -> None:
    """The settings; slots have an identity of their own, which the programme's service keeps."""
    for name in (*_SIMPLE, "wishes_until"):
        setattr(event, name, values[name])


_SIMPLE = ("name", "place", "description", "timezone", "tables", "rooms")

EVENT: Spec[Event] = Spec(
    fields=(
        Field("name", _l("Nom de l’événement")),
        Field("place", _l("Lieu")),
        Day("held_on", _l("Premier jour")),
        Field("timezone", _l("Fuseau horaire")),
        Number("tables", _l("Nombre de tables")),
        Number("rooms", _l("Nombre de salles")),
        Moment("wishes_until", _l("Demandes de rencontre jusqu’au")),
        LongText("description", _l("Présentation")),
        Programme("slots", _l("Créneaux")),
    ),
    versions=EventVersion,
    read=_read,
    write=_write,
)
