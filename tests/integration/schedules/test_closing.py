"""An event closed before its time: nothing to come stands in any calendar, until it is reopened."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from app.core import clock
from app.core.db import db
from app.events.enums import EventStatus, Side
from app.events.models import Event
from app.events.services import close_event, reopen_event
from app.meetings.models import GroupSession
from app.meetings.services import answer_invitation, answer_request, lead_session
from app.outbox.models import Mail
from app.permissions import SYSTEM, Role
from app.schedules.queries.agendas import Engagement, agenda_of, agenda_of_event
from app.schedules.services import fill_freed_slots, publish_schedule
from tests.clients import IsolatedClient
from tests.conftest import NOW
from tests.factories import make_user
from tests.integration.events.factories import (
    make_delegation,
    make_event,
    make_pair,
    make_published,
    make_request,
)


def running(*, slots: int = 4) -> Event:
    """A published event: two pairs meet, at the first and the third slot, and the first two hold a session
    at the second."""
    event = make_event(slots=slots)
    one, other = make_pair(event), make_pair(event)
    for number, delegation in enumerate((*one, *other)):
        make_user(Role.VENDOR, delegation.organisation, email=f"d{number}@exemple.fr")
    administration, vendor = one
    session = lead_session(
        SYSTEM,
        event,
        host=administration,
        slot=event.slots[1],
        theme="Visio",
        room=0,
        capacity=3,
        vendors=[vendor],
    )
    answer_invitation(SYSTEM, session.invitations[0], accept=True)
    make_request(*other)
    make_published(event, [(*one, 0), (*other, 2)])
    db.session.execute(sa.delete(Mail))
    return event


def calendars(event: Event) -> dict[str, Engagement]:
    """What calendars read, cancelled ones included."""
    people = {item.organisation_id for item in agenda_of_event(event.id)} | {
        delegation.organisation_id for delegation in event.delegations
    }
    found = agenda_of(people, event.id, cancelled_since=NOW - timedelta(days=1))
    return {item.uid: item for item in found}


def mails() -> dict[str, Mail]:
    return {mail.recipient: mail for mail in db.session.scalars(sa.select(Mail))}


def test_a_closed_event_holds_nothing_in_any_calendar(app: Flask) -> None:
    event = running()
    before = calendars(event)
    close_event(SYSTEM, event)
    after = calendars(event)
    assert agenda_of_event(event.id) == []
    assert len(before) == len(after) == 6
    for uid, item in after.items():
        assert (item.is_cancelled, item.sequence) == (True, before[uid].sequence + 1)
        assert item.changed_at == clock.now()
    told = mails()
    assert sorted(told) == [f"d{number}@exemple.fr" for number in range(4)]
    assert all(mail.subject == f"{event.name} : clos" for mail in told.values())
    assert told["d0@exemple.fr"].body.count("- annulé") == 2
    assert told["d3@exemple.fr"].body.count("- annulé") == 1


def test_what_has_begun_took_place(app: Flask) -> None:
    event = running()
    before = calendars(event)
    with clock.fixed_at(event.slots[1].starts_at):
        close_event(SYSTEM, event)
        after = calendars(event)
    cancelled = {uid for uid, item in after.items() if item.is_cancelled}
    assert {after[uid].starts_at for uid in cancelled} == {event.slots[2].starts_at}
    assert {uid: item for uid, item in after.items() if uid not in cancelled} == {
        uid: item for uid, item in before.items() if uid not in cancelled
    }


def test_a_reopened_event_holds_again_what_is_to_come_and_nothing_else(app: Flask) -> None:
    event = running()
    before = calendars(event)
    close_event(SYSTEM, event)
    db.session.execute(sa.delete(Mail))
    with clock.fixed_at(event.slots[1].starts_at):
        reopen_event(SYSTEM, event)
        after = calendars(event)
    standing = {uid for uid, item in after.items() if not item.is_cancelled}
    assert {after[uid].starts_at for uid in standing} == {event.slots[2].starts_at}
    for uid in standing:
        assert after[uid].sequence == before[uid].sequence + 2
    told = mails()
    assert sorted(told) == [f"d{number}@exemple.fr" for number in range(4)]
    assert "rouvert" in told["d0@exemple.fr"].subject
    assert "09:50 – 10:10" in told["d3@exemple.fr"].body
    assert (event.status, event.closed_at) == (EventStatus.SCHEDULED, None)


def test_what_a_side_had_refused_does_not_come_back(app: Flask) -> None:
    event = make_event()
    administration, vendor = make_pair(event)
    request = make_request(administration, vendor)
    make_published(event, [(administration, vendor, 1)])
    answer_request(SYSTEM, request, accept=False)
    with clock.fixed_at(NOW + timedelta(days=1)):
        close_event(SYSTEM, event)
        reopen_event(SYSTEM, event)
    assert agenda_of_event(event.id) == []


def test_a_session_cancelled_before_does_not_come_back(app: Flask) -> None:
    event = running()
    session = db.session.scalars(sa.select(GroupSession)).one()
    session.cancelled_at = NOW - timedelta(days=1)
    close_event(SYSTEM, event)
    reopen_event(SYSTEM, event)
    assert [item.theme for item in agenda_of_event(event.id)] == [""] * 4


def test_a_schedule_is_repaired_and_published_after_a_reopening(app: Flask) -> None:
    event = running()
    close_event(SYSTEM, event)
    reopen_event(SYSTEM, event)
    other = make_delegation(event, Side.VENDOR)
    make_request(event.delegations[0], other)
    publish_schedule(SYSTEM, fill_freed_slots(SYSTEM, event))
    assert len(agenda_of_event(event.id)) == 8


def test_the_pages_that_close_and_reopen_say_who_is_told(client: IsolatedClient) -> None:
    event = running()
    client.sign_in(make_user(Role.ORGANISER))
    page = f"/organisation-evenements/{event.slug}/etat"
    assert "chaque délégation en sera prévenue" in client.get(page).text
    client.post(page, data={"etat": "clore"})
    assert "rétablis dans les agendas" in client.get(page).text
    assert "rendez-vous retiré" not in client.get(f"/organisation-evenements/{event.slug}").text
    assert "publié retiré" not in client.get("/tableau-de-bord").text


def test_no_event_is_closed_without_its_moment(app: Flask) -> None:
    event = make_event()
    event.status = EventStatus.CLOSED
    with pytest.raises(IntegrityError):
        db.session.flush()
