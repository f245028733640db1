import pytest
from flask import Flask

from app.accounts.queries import actor_of
from app.core.db import db
from app.core.errors import NotFound, RuleBroken
from app.events.enums import Side
from app.events.models import Delegation, Event
from app.meetings.enums import InvitationState
from app.meetings.models import GroupSession
from app.meetings.services import answer_invitation, cancel_session, lead_session
from app.permissions import SYSTEM, Role
from tests.factories import make_user
from tests.integration.events.factories import make_delegation, make_event


def lead(
    event: Event, host: Delegation, *, position: int = 0, room: int = 0, **values: object
) -> GroupSession:
    options = {"theme": "Messagerie", "capacity": 1, "vendors": ()} | values
    return lead_session(
        SYSTEM,
        event,
        host=host,
        slot=event.slots[position],
        room=room,
        **options,  # type: ignore[arg-type]  # the values come in a dict
    )


def test_lead_session_invites_the_vendors(app: Flask) -> None:
    event = make_event()
    host, vendor = make_delegation(event, Side.ADMINISTRATION), make_delegation(event, Side.VENDOR)
    session = lead(event, host, vendors=[vendor])
    assert [(item.vendor_id, item.state) for item in session.invitations] == [
        (vendor.id, InvitationState.INVITED)
    ]


def test_lead_session_for_another_administration_does_not_exist(app: Flask) -> None:
    event = make_event()
    host = make_delegation(event, Side.ADMINISTRATION)
    stranger = actor_of(make_user(Role.AMBASSADOR))
    with pytest.raises(NotFound):
        lead_session(stranger, event, host=host, slot=event.slots[0], theme="x", room=0, capacity=1)


@pytest.mark.parametrize(
    ("position", "room", "field"), [(0, 0, "room"), (0, 1, "slot"), (1, 9, "room"), (2, 0, "slot")]
)
def test_lead_session_against_the_facts_is_refused(app: Flask, position: int, room: int, field: str) -> None:
    event = make_event()
    host = make_delegation(event, Side.ADMINISTRATION, away=(2,))
    lead(event, host)
    with pytest.raises(RuleBroken) as refused:
        lead(event, host, position=position, room=room)
    assert list(refused.value.fields) == [field]


def test_answer_invitation_to_a_full_session_is_refused(app: Flask) -> None:
    event = make_event()
    host = make_delegation(event, Side.ADMINISTRATION)
    vendors = [make_delegation(event, Side.VENDOR) for _number in range(2)]
    first, second = lead(event, host, vendors=vendors).invitations
    answer_invitation(SYSTEM, first, accept=True)
    with pytest.raises(RuleBroken):
        answer_invitation(SYSTEM, second, accept=True)
    answer_invitation(SYSTEM, first, accept=False)
    answer_invitation(SYSTEM, second, accept=True)
    assert (first.state, second.state) == (InvitationState.DECLINED, InvitationState.ACCEPTED)


def test_answer_invitation_to_two_sessions_at_once_is_refused(app: Flask) -> None:
    event = make_event()
    vendor = make_delegation(event, Side.VENDOR)
    one = lead(event, make_delegation(event, Side.ADMINISTRATION), vendors=[vendor])
    other = lead(event, make_delegation(event, Side.ADMINISTRATION), room=1, vendors=[vendor])
    answer_invitation(SYSTEM, one.invitations[0], accept=True)
    with pytest.raises(RuleBroken):
        answer_invitation(SYSTEM, other.invitations[0], accept=True)


def test_answer_invitation_of_another_vendor_does_not_exist(app: Flask) -> None:
    event = make_event()
    vendor = make_delegation(event, Side.VENDOR)
    invitation = lead(event, make_delegation(event, Side.ADMINISTRATION), vendors=[vendor]).invitations[0]
    with pytest.raises(NotFound):
        answer_invitation(actor_of(make_user(Role.VENDOR)), invitation, accept=True)


def test_cancel_session_frees_its_room(app: Flask) -> None:
    event = make_event()
    host = make_delegation(event, Side.ADMINISTRATION)
    cancel_session(SYSTEM, lead(event, host))
    db.session.commit()
    assert lead(event, host).room == 0
