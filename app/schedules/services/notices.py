"""What participants are told when a schedule is published."""

from collections.abc import Collection
from functools import partial
from zoneinfo import ZoneInfo

from babel.dates import format_time

from app.accounts.queries import readers_of
from app.core.i18n import gettext as _
from app.events.models import Event
from app.events.queries.delegations import delegations_of
from app.outbox.services import send_mail
from app.schedules.queries.agendas import AgendaItem, agenda_of


def announce_schedule(event: Event, agenda_url: str, *, only: Collection[int] | None = None) -> None:
    """Write to these delegations (all by default): their own day, and where to read it."""
    delegations = [item for item in delegations_of(event.id) if only is None or item.id in only]
    days: dict[int, list[AgendaItem]] = {}
    for item in agenda_of({delegation.organisation_id for delegation in delegations}, event.id):
        days.setdefault(item.organisation_id, []).append(item)
    for delegation in delegations:
        send_mail(
            to=readers_of(delegation.organisation_id),
            subject=lambda: _("Votre planning : %(event)s", event=event.name),
            body=partial(_body, event, days.get(delegation.organisation_id, []), agenda_url),
            about="schedule.published",
            event_id=event.id,
        )


def _body(event: Event, items: list[AgendaItem], agenda_url: str) -> str:
    lines = [_line(item, ZoneInfo(event.timezone)) for item in items]
    day = "\n".join(lines) or _("Aucun rendez-vous pour l’instant.")
    intro = _("Le planning de l’événement « %(event)s » est publié. Votre journée :", event=event.name)
    end = _("Retrouvez-le, avec un fichier pour votre agenda : %(url)s", url=agenda_url) if agenda_url else ""
    return f"{intro}\n\n{day}\n\n{end}".rstrip() + "\n"


def _line(item: AgendaItem, zone: ZoneInfo) -> str:
    hours = " – ".join(format_time(moment, "HH:mm", zone, "fr") for moment in (item.starts_at, item.ends_at))
    where = (
        _("table %(n)d", n=item.table + 1)
        if item.table is not None
        else _("salle %(n)d", n=(item.room or 0) + 1)
    )
    return f"{hours} : {item.theme or ', '.join(item.partners)} ({where})"
