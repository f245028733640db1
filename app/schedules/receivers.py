"""What published schedules say to changes of their event."""

from typing import TYPE_CHECKING

from app.core.errors import InvalidTransition, RuleBroken
from app.core.i18n import gettext as _
from app.events.signals import (
    Announced,
    EventFacts,
    delegation_leaving,
    event_announcing,
    event_changed,
    event_closed,
    event_reopened,
    slot_leaving,
)
from app.meetings.signals import meeting_refused
from app.schedules.presenters.agendas import agenda_address
from app.schedules.queries.versions import find_published_with_meetings, has_meetings
from app.schedules.services.announcing import announce
from app.schedules.services.closing import resume_event, stop_event
from app.schedules.services.publishing import follow_event
from app.schedules.services.withdrawing import free_slot

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from app.events.hours import Period
    from app.events.models import Delegation, Event, Slot
    from app.meetings.models import MeetingRequest


@delegation_leaving.connect
def _keep_placed(delegation: "Delegation") -> None:
    if has_meetings(delegation.id):
        raise InvalidTransition(
            _("Un planning lui donne des rendez-vous : déclarez-la plutôt absente à tous les créneaux.")
        )


@slot_leaving.connect
def _keep_placed_slot(slot: "Slot") -> None:
    published = find_published_with_meetings(slot.event_id)
    if published is not None and any(item.slot_id == slot.id for item in published.placements):
        raise RuleBroken(_("Un créneau à supprimer porte des rendez-vous publiés : déplacez-les d’abord."))


@meeting_refused.connect
def _free_slot(request: "MeetingRequest") -> "Callable[[], str] | None":
    return free_slot(request)


@event_announcing.connect
def _announce(event: "Event", *, moved: "Sequence[Slot]", facts: EventFacts) -> Announced:
    return announce(event, {slot.id for slot in moved}, facts)


@event_closed.connect
def _stop(event: "Event", *, at: "datetime") -> None:
    stop_event(event, at, agenda_address(event.slug))


@event_reopened.connect
def _resume(event: "Event", *, closed_at: "datetime") -> None:
    resume_event(event, closed_at, agenda_address(event.slug))


@event_changed.connect
def _follow(event: "Event", *, before: EventFacts, absences: "Mapping[int, tuple[Period, ...]]") -> None:
    follow_event(event, before, absences, agenda_address(event.slug))
