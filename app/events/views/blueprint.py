"""The blueprint of the domain, and the words its pages share."""

from typing import TYPE_CHECKING

from flask import Blueprint

from app.events.lifecycle import Act, allows
from app.events.presenters import event_state, slot_text
from app.events.wording import days_text, moment_text, zone_note

if TYPE_CHECKING:
    from app.events.models import Event

blueprint = Blueprint("events", __name__)

blueprint.add_app_template_global(event_state, "event_state")
blueprint.add_app_template_global(slot_text, "slot_text")
blueprint.add_app_template_global(days_text, "days_text")
blueprint.add_app_template_global(moment_text, "moment_text")
blueprint.add_app_template_global(zone_note, "zone_note")


@blueprint.app_template_global("event_allows")
def event_allows(event: "Event", act: str) -> bool:
    """Whether the event is in a state to allow it now; who may do it is another question."""
    return allows(event, Act(act))
