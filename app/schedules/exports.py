"""Files people take away: the calendar file of an agenda."""

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from icalendar import Calendar
from icalendar import Event as CalendarEvent

from app.core.clock import now
from app.core.i18n import gettext as _
from app.schedules.presenters.agendas import place_text, title_text
from app.schedules.queries.agendas import Engagement


def calendar_file(items: Iterable[Engagement], *, host: str) -> bytes:
    """An iCalendar file (RFC 5545) in each event's time zone. An engagement keeps its UID when it moves, its
    SEQUENCE grows with each published change, and it stays a while, CANCELLED, once it is."""
    calendar = Calendar()
    calendar.add("prodid", "-//Trait d’union//Agenda//FR")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("Trait d’union : mes rendez-vous"))
    found = list(items)
    for item in found:
        calendar.add_component(_entry(item, host))
    # Only the years that count: some readers take the first rule of a long table for all of them.
    years = [item.starts_at.year for item in found] or [now().year]
    calendar.add_missing_timezones(date(min(years) - 1, 1, 1), date(max(years) + 2, 1, 1))
    return bytes(calendar.to_ical())


def _entry(item: Engagement, host: str) -> CalendarEvent:
    zone = ZoneInfo(item.timezone)
    entry = CalendarEvent()
    entry.add("uid", f"{item.uid}@{host}")
    entry.add("dtstamp", now())
    entry.add("sequence", item.sequence)
    entry.add("last-modified", item.changed_at)
    entry.add("status", "CANCELLED" if item.is_cancelled else "CONFIRMED")
    entry.add("dtstart", item.starts_at.astimezone(zone))
    entry.add("dtend", item.ends_at.astimezone(zone))
    entry.add("summary", title_text(item))
    entry.add("location", f"{place_text(item)}, {item.place}")
    if item.theme:
        entry.add("description", _("Avec : %(who)s", who=", ".join(item.partners)))
    return entry
