"""The blueprint of the domain, and the words its pages share."""

from flask import Blueprint

from app.core.i18n import gettext as _
from app.events.enums import EventStatus
from app.events.services.events import day_of

blueprint = Blueprint("events", __name__)
blueprint.add_app_template_global(day_of, "event_day_of")


@blueprint.app_template_global("event_state")
def event_state(state: EventStatus) -> tuple[str, str]:
    """(text, kind of badge) of an event's state."""
    return {
        EventStatus.DRAFT: (_("En préparation"), "new"),
        EventStatus.OPEN: (_("Ouvert"), "info"),
        EventStatus.SCHEDULED: (_("Planning publié"), "success"),
        EventStatus.CLOSED: (_("Clos"), ""),
    }[state]
