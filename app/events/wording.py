"""How mails and pages write the days, hours and place of an event: written out, old beside new, the zone
where it is not that of Paris."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date

from app.core.i18n import current_language
from app.core.i18n import gettext as _
from app.web.templating import city, full_date, long_date, time_in

USUAL_ZONE = "Europe/Paris"


def moment_text(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    """« vendredi 27 mars 2026, 09:00 – 09:20 », the end's day too where it is another one."""
    first, last = (moment.astimezone(ZoneInfo(zone)) for moment in (starts_at, ends_at))
    end = time_in(ends_at, zone)
    if last.date() != first.date() and end != "00:00":
        end = f"{full_date(last.date())}, {end}"
    return f"{full_date(first.date())}, {time_in(starts_at, zone)} – {end}{zone_note(zone)}"


def zone_note(zone: str) -> str:
    """« (heure de Cayenne) », nothing where it is that of Paris."""
    return "" if zone == USUAL_ZONE else " " + _("(heure de %(city)s)", city=city(zone))


def days_text(days: Sequence[date]) -> str:
    """« vendredi 27 mars 2026 », or first and last of several."""
    if not days:
        return _("date à fixer")
    if len(days) == 1:
        return full_date(days[0])
    return _("du %(first)s au %(last)s", first=full_date(days[0]), last=full_date(days[-1]))


def move_text(before: Sequence[date], after: Sequence[date]) -> str:
    """« du 27 au 30 mars 2026 »: from the first former day to the first new one."""
    old, new = before[0], after[0]
    if (old.year, old.month) == (new.year, new.month):
        day = str(format_date(old, "d", current_language()))
        return _("du %(old)s au %(new)s", old=day, new=long_date(new))
    return _("du %(old)s au %(new)s", old=long_date(old), new=long_date(new))
