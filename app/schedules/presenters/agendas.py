"""What schedules show of themselves on pages, in files and in mails."""

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from flask import current_app

from app.core.i18n import gettext as _
from app.schedules.queries.agendas import Engagement


def public_address(endpoint: str, **values: object) -> str:
    """Address of a page as written in a mail or shown to be copied; no request is needed."""
    public_url: str = current_app.extensions["settings"].public_url
    return public_url + current_app.url_map.bind("").build(endpoint, values)


def agenda_address(slug: str) -> str:
    """Where a participant reads its day."""
    return public_address("schedules.my_agenda", evenement=slug)


def days_of(items: Iterable[Engagement]) -> list[date]:
    """Local days on which the engagements start, in order."""
    return sorted({item.starts_at.astimezone(ZoneInfo(item.timezone)).date() for item in items})


def place_text(item: Engagement) -> str:
    """Table or room, in words; numbers are shown from 1."""
    if item.table is not None:
        return _("Table %(n)d", n=item.table + 1)
    return _("Salle %(n)d", n=(item.room or 0) + 1)


def title_text(item: Engagement) -> str:
    if item.theme:
        return _("Session : %(theme)s", theme=item.theme)
    return _("Rendez-vous : %(who)s", who=", ".join(item.partners))
