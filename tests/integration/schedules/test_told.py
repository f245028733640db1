"""What people are told of a published event that moves, and what their calendars read: over a real SMTP
server, at the personal address, by two parsers of calendar files."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, cast

import icalendar
import pytest
import vobject
from flask import Flask

from app.core import clock
from app.core.config import Settings
from app.core.db import db, rollback
from app.events.models import Delegation, Event
from app.events.services import Settings as EventSettings
from app.meetings.models import GroupSession, MeetingRequest
from app.meetings.services import answer_invitation, answer_request, cancel_session, lead_session
from app.outbox.services import send_next
from app.permissions import SYSTEM, Role
from app.schedules.queries.versions import find_published_with_meetings
from tests.clients import IsolatedClient
from tests.conftest import NOW, portal_of
from tests.factories import make_user
from tests.integration.events.factories import (
    edit_event,
    make_event,
    make_pair,
    make_published,
    make_request,
)
from tests.smtp import Received, Relay, relay

LATER = NOW + timedelta(days=1)


@pytest.fixture
def server() -> Iterator[Relay]:
    with relay() as found:
        yield found


@pytest.fixture
def portal(settings: Settings, server: Relay) -> Iterator[Flask]:
    told = {"smtp_host": "127.0.0.1", "smtp_port": server.port, "smtp_timeout_s": 5.0}
    with portal_of(settings.model_copy(update=told)) as app:
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
        app.test_client_class = IsolatedClient
        yield app


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a calendar file, as a parser reads it."""

    uid: str
    sequence: int
    status: str
    starts_at: datetime
    location: str
    modified_at: datetime


@dataclass
class Scene:
    """A published event whose vendor meets an administration, then takes part in a session."""

    server: Relay
    client: IsolatedClient
    address: str
    event: Event
    administration: Delegation
    vendor: Delegation
    request: MeetingRequest
    session: GroupSession

    def mails(self) -> dict[str, Received]:
        """What has just arrived, by who received it."""
        db.session.commit()
        self.server.received.clear()
        with clock.fixed_at(LATER):
            while send_next():
                pass
        rollback()
        return {mail.to: mail for mail in self.server.received}

    def calendar(self) -> dict[str, Entry]:
        """The vendor's, read without a session by two parsers that must agree."""
        db.session.commit()
        answer = self.client.get(self.address)
        assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
        assert b"METHOD:PUBLISH" in answer.data
        found = by_icalendar(answer.data)
        assert by_vobject(answer.data) == found
        return {entry.uid.split("-")[0]: entry for entry in found}


def by_icalendar(data: bytes) -> list[Entry]:
    return [
        Entry(
            str(item["uid"]),
            int(str(item["sequence"])),
            str(item["status"]),
            item.decoded("dtstart"),
            str(item["location"]),
            item.decoded("last-modified"),
        )
        for item in icalendar.Calendar.from_ical(data).walk("VEVENT")
    ]


def by_vobject(data: bytes) -> list[Entry]:
    calendar = cast(Any, vobject.readOne(data.decode()))
    return [
        Entry(
            item.uid.value,
            int(item.sequence.value),
            item.status.value,
            item.dtstart.value,
            item.location.value,
            item.last_modified.value,
        )
        for item in calendar.vevent_list
    ]


@pytest.fixture
def scene(portal: Flask, server: Relay) -> Scene:
    event = make_event(slots=2, name="Rencontres de Bercy")
    administration, vendor = make_pair(event)
    request = make_request(administration, vendor)
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
    make_published(event, [(administration, vendor, 0)])
    make_user(Role.AMBASSADOR, administration.organisation, email="ministere@exemple.fr")
    user = make_user(Role.VENDOR, vendor.organisation, email="editeur@exemple.fr")
    client = cast(IsolatedClient, portal.test_client())
    page = client.sign_in(user).post("/mon-agenda/adresse").text
    secret = page.split("/agendas/")[1].split(".ics")[0]
    visitor = cast(IsolatedClient, portal.test_client())
    return Scene(server, visitor, f"/agendas/{secret}.ics", event, administration, vendor, request, session)


def settings_of(event: Event, **changes: Any) -> EventSettings:
    known = EventSettings(
        name=event.name, place=event.place, tables=event.tables, rooms=event.rooms, timezone=event.timezone
    )
    return replace(known, **changes)


def edit(event: Event, settings: EventSettings, held_on: date | None = None) -> None:
    with clock.fixed_at(LATER):
        edit_event(SYSTEM, event, settings, held_on=held_on, confirmed=True)


def test_an_event_moved_by_days_is_told_old_beside_new(scene: Scene) -> None:
    before, frozen = scene.calendar(), find_published_with_meetings(scene.event.id)
    edit(scene.event, settings_of(scene.event), date(2027, 3, 29))
    mail, after = scene.mails()["editeur@exemple.fr"], scene.calendar()
    assert mail.subject == "Rencontres de Bercy : déplacé du 26 au 29 mars 2027"
    assert "lundi 29 mars 2027\r\nBercy" in mail.body
    assert (
        "lundi 29 mars 2027, 09:00 – 09:20 (table 1), "
        "au lieu de : vendredi 26 mars 2027, 09:00 – 09:20 (table 1)" in mail.body
    )
    assert "- Visio : lundi 29 mars 2027, 09:25 – 09:45 (salle 1), au lieu de : vendredi 26 mars" in mail.body
    for name in ("rencontre", "session"):
        assert after[name].uid == before[name].uid
        assert after[name].sequence == before[name].sequence + 1
        assert after[name].modified_at == LATER > before[name].modified_at
        moved = after[name].starts_at.replace(tzinfo=None) - before[name].starts_at.replace(tzinfo=None)
        assert (moved, after[name].status) == (timedelta(days=3), "CONFIRMED")
    assert frozen is not None
    assert frozen.placements[0].starts_at.astimezone(scene.event.zone).date() == date(2027, 3, 26)
    assert frozen.state.value == "superseded"


def test_a_change_of_place_alone_is_told(scene: Scene) -> None:
    before = scene.calendar()
    edit(scene.event, settings_of(scene.event, place="Ségur"))
    mails, after = scene.mails(), scene.calendar()
    assert sorted(mails) == ["editeur@exemple.fr", "ministere@exemple.fr"]
    mail = mails["editeur@exemple.fr"]
    assert mail.subject == "Rencontres de Bercy : nouveau lieu"
    assert "Il aura lieu : Ségur, au lieu de : Bercy." in mail.body
    assert "- nouveau lieu, même heure : vendredi 26 mars 2027, 09:00 – 09:20" in mail.body
    assert [before[name].location for name in before] == ["Table 1, Bercy", "Salle 1, Bercy"]
    assert [after[name].location for name in after] == ["Table 1, Ségur", "Salle 1, Ségur"]
    assert {name: after[name].sequence - before[name].sequence for name in after} == {
        "rencontre": 1,
        "session": 1,
    }
    assert after["rencontre"].starts_at == before["rencontre"].starts_at


def test_another_zone_is_written_where_it_is_not_that_of_paris(scene: Scene) -> None:
    edit(scene.event, settings_of(scene.event, timezone="America/Cayenne", place="Cayenne"))
    mail = scene.mails()["editeur@exemple.fr"]
    assert "vendredi 26 mars 2027, 09:00 – 09:20 (heure de Cayenne)" in mail.body
    assert "au lieu de : vendredi 26 mars 2027, 09:00 – 09:20 (table 1)" in mail.body


def test_a_cancelled_session_stays_a_while_in_calendars(scene: Scene) -> None:
    before = scene.calendar()
    with clock.fixed_at(LATER):
        cancel_session(SYSTEM, scene.session)
    mails, after = scene.mails(), scene.calendar()
    mail = mails["editeur@exemple.fr"]
    assert mail.subject == "Session annulée : Visio"
    assert "vendredi 26 mars 2027, 09:25 – 09:45, salle 1, Bercy" in mail.body
    assert (after["session"].uid, after["session"].status) == (before["session"].uid, "CANCELLED")
    assert after["session"].sequence == before["session"].sequence + 1
    assert after["rencontre"] == before["rencontre"]
    with clock.fixed_at(LATER + timedelta(days=61)):
        assert list(scene.calendar()) == ["rencontre"]


def test_a_meeting_withdrawn_is_told_and_stays_a_while_in_calendars(scene: Scene) -> None:
    before = scene.calendar()
    with clock.fixed_at(LATER):
        answer_request(SYSTEM, scene.request, accept=False, message="Imprévu.")
    mail, after = scene.mails()["ministere@exemple.fr"], scene.calendar()
    assert "vendredi 26 mars 2027, 09:00 – 09:20, table 1, Bercy. Ce créneau est libre." in mail.body
    assert (after["rencontre"].uid, after["rencontre"].status) == (before["rencontre"].uid, "CANCELLED")
    assert after["rencontre"].sequence == before["rencontre"].sequence + 1
    assert after["session"] == before["session"]


def test_an_answer_to_a_session_reaches_its_host_and_leaves_the_calendar(scene: Scene) -> None:
    scene.mails()
    before = scene.calendar()
    with clock.fixed_at(LATER):
        answer_invitation(SYSTEM, scene.session.invitations[0], accept=False)
    mail, after = scene.mails()["ministere@exemple.fr"], scene.calendar()
    assert mail.subject.endswith("décline votre session « Visio »")
    assert "0 places prises sur 3." in mail.body
    assert (after["session"].status, after["session"].sequence) == (
        "CANCELLED",
        before["session"].sequence + 1,
    )


def test_another_address_replaces_the_first_and_a_revoked_one_is_gone(scene: Scene, portal: Flask) -> None:
    client = cast(IsolatedClient, portal.test_client())
    client.sign_in(make_user(Role.VENDOR, scene.vendor.organisation))
    first = client.post("/mon-agenda/adresse").text.split("/agendas/")[1].split(".ics")[0]
    second = client.post("/mon-agenda/adresse").text.split("/agendas/")[1].split(".ics")[0]
    answers = [scene.client.get(f"/agendas/{secret}.ics").status_code for secret in (first, second, "x" * 43)]
    assert answers == [404, 200, 404]
    assert first not in client.get("/mon-agenda").text
    client.post("/mon-agenda/adresse/revoquer")
    assert scene.client.get(f"/agendas/{second}.ics").status_code == 404
    assert scene.client.get(scene.address).status_code == 200
