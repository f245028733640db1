"""What events show of themselves: states, days, and the hours of their slots."""

from collections.abc import Sequence

from app.core.i18n import gettext as _
from app.events.hours import Period
from app.events.lifecycle import Phase, phase_of
from app.events.models import Event, Slot
from app.web.templating import long_date, time_in


def event_state(event: Event) -> tuple[str, str]:
    """(text, kind of badge) of where the event stands now."""
    return {
        Phase.DRAFT: (_("En préparation"), "new"),
        Phase.OPEN: (_("Ouvert"), "info"),
        Phase.WISHES_CLOSED: (_("Demandes closes"), "info"),
        Phase.PUBLISHED: (_("Planning publié"), "success"),
        Phase.UNDER_WAY: (_("En cours"), "success"),
        Phase.PAST: (_("Passé"), ""),
        Phase.CLOSED: (_("Clos"), ""),
    }[phase_of(event)]


def slot_choices(event: Event, slots: Sequence[Slot] | None = None) -> list[tuple[int, str]]:
    """(identifier, hours) of the slots, with their day where the event has several."""
    return [(slot.id, slot_text(slot.period, event)) for slot in (event.slots if slots is None else slots)]


def slot_text(period: Period, event: Event) -> str:
    """« 09:00 – 09:20 », after its day where the event has several."""
    hours = f"{time_in(period.starts_at, event.timezone)} – {time_in(period.ends_at, event.timezone)}"
    if len(event.days) < 2:
        return hours
    return f"{long_date(period.starts_at.astimezone(event.zone).date())}, {hours}"
