"""Files people take away: the calendar file of an agenda."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from icalendar import Calendar
from icalendar import Event as CalendarEvent

from app.core.clock import now
from app.core.i18n import gettext as _
from app.schedules.queries.agendas import AgendaItem


def calendar_file(items: Iterable[AgendaItem], *, host: str) -> bytes:
    """An iCalendar file in each event's time zone; an engagement keeps its UID when it moves."""
    calendar = Calendar()
    calendar.add("prodid", "-//Trait d’union//Agenda//FR")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("Trait d’union : mes rendez-vous"))
    for item in items:
        calendar.add_component(_entry(item, host))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def place_of(item: AgendaItem) -> str:
    """Table or room, in words; numbers are shown from 1."""
    if item.table is not None:
        return _("Table %(n)d", n=item.table + 1)
    return _("Salle %(n)d", n=(item.room or 0) + 1)


def title_of(item: AgendaItem) -> str:
    partners = ", ".join(item.partners)
    if item.theme:
        return _("Session : %(theme)s", theme=item.theme)
    return _("Rendez-vous : %(who)s", who=partners)


def _entry(item: AgendaItem, host: str) -> CalendarEvent:
    zone = ZoneInfo(item.event.timezone)
    entry = CalendarEvent()
    entry.add("uid", f"{item.uid}@{host}")
    entry.add("dtstamp", now())
    entry.add("dtstart", item.starts_at.astimezone(zone))
    entry.add("dtend", item.ends_at.astimezone(zone))
    entry.add("summary", title_of(item))
    entry.add("location", f"{place_of(item)}, {item.event.place}")
    if item.theme:
        entry.add("description", _("Avec : %(who)s", who=", ".join(item.partners)))
    return entry
