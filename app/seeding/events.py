"""Events: programme, delegations, wishes, sessions, rules of the organiser."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from app.core.clock import fixed_at, now
from app.events.enums import Side
from app.events.models import Delegation, Event
from app.events.services import (
    Settings,
    Terms,
    add_delegation,
    create_event,
    publish_event,
    regular_slots,
    set_slots,
)
from app.meetings.enums import PairRuleKind, RequestState
from app.meetings.services.rules import set_pair_rule
from app.meetings.services.sessions import answer_invitation, lead_session
from app.meetings.services.wishes import answer_request, request_meeting
from app.permissions import SYSTEM
from app.seeding.catalogue import Offers
from app.seeding.demand import Needs
from app.seeding.people import Organisations
from seed_data.records import SeedEvent

Delegations = dict[str, Delegation]


def seed_event(seed: SeedEvent, organisations: Organisations, needs: Needs, offers: Offers) -> None:
    settings = Settings(
        name=seed.name,
        place=seed.place,
        tables=seed.tables,
        rooms=seed.rooms,
        timezone=seed.timezone,
        description=seed.description,
    )
    event = create_event(SYSTEM, organisations[seed.organisation], settings, is_demo=True, source=seed.source)
    slots = [
        slot
        for block in seed.blocks
        for slot in regular_slots(
            held_on=seed.held_on,
            first_at=block.first_at,
            length_min=block.length_min,
            count=block.count,
            pause_min=block.pause_min,
            timezone=seed.timezone,
        )
    ]
    with before_start(slots[0].starts_at):  # a past event was prepared before it
        set_slots(SYSTEM, event, slots)
        publish_event(SYSTEM, event)
        delegations = _seed_delegations(seed, event, organisations)
        _seed_requests(seed, event, delegations, needs, offers)
        _seed_sessions(seed, event, delegations)
        _seed_rules(seed, event, delegations)


@contextmanager
def before_start(starts_at: datetime) -> Iterator[None]:
    """The clock of today, or of the day before where the event has begun since."""
    with fixed_at(min(now(), starts_at - timedelta(days=1))):
        yield


def _seed_rules(seed: SeedEvent, event: Event, delegations: Delegations) -> None:
    for pair in seed.pairs:
        set_pair_rule(
            SYSTEM,
            event,
            administration=delegations[pair.administration],
            vendor=delegations[pair.vendor],
            kind=PairRuleKind(pair.kind),
            slot=event.slots[pair.slot] if pair.slot is not None else None,
            reason=pair.reason,
        )


def _seed_delegations(seed: SeedEvent, event: Event, organisations: Organisations) -> Delegations:
    return {
        item.organisation: add_delegation(
            SYSTEM,
            event,
            organisations[item.organisation],
            Terms(
                min_meetings=item.min_meetings,
                max_meetings=item.max_meetings,
                table=item.table,
                absences=tuple(event.slots[position].period for position in item.absent),
            ),
        )
        for item in seed.delegations
    }


def _seed_requests(
    seed: SeedEvent, event: Event, delegations: Delegations, needs: Needs, offers: Offers
) -> None:
    for item in seed.requests:
        request = request_meeting(
            SYSTEM,
            event,
            administration=delegations[item.administration],
            vendor=delegations[item.vendor],
            requested_by=Side.VENDOR if item.by == "vendor" else Side.ADMINISTRATION,
            need=needs[item.need] if item.need else None,
            offer=offers[item.offer] if item.offer else None,
            message=item.message,
        )
        if item.by == "mutual" and request.state is RequestState.PENDING:
            answer_request(SYSTEM, request, accept=True)


def _seed_sessions(seed: SeedEvent, event: Event, delegations: Delegations) -> None:
    for item in seed.sessions:
        session = lead_session(
            SYSTEM,
            event,
            host=delegations[item.host],
            slot=event.slots[item.slot],
            theme=item.theme,
            room=item.room,
            capacity=item.capacity,
            vendors=[delegations[invited.vendor] for invited in item.invited],
            description=item.description,
        )
        answers = {delegations[invited.vendor].id: invited.answer for invited in item.invited}
        for invitation in session.invitations:
            answer = answers[invitation.vendor_id]
            if answer != "invited":
                answer_invitation(SYSTEM, invitation, accept=answer == "accepted")
