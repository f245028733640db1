"""What people could read of an event: numbered, named by schedules, merged when two organisers write."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from app.content.presenters import comparison, history, version_page
from app.content.queries import get_version
from app.core.db import db
from app.core.errors import RuleBroken
from app.events.enums import EventStatus
from app.events.models import Event, EventVersion
from app.events.services import Settings, SlotSpec, close_wishes, publish_event
from app.events.spec import EVENT
from app.permissions import SYSTEM, Role
from tests.clients import IsolatedClient
from tests.factories import make_user
from tests.integration.events.factories import (
    edit_event,
    make_event,
    make_pair,
    make_published,
    set_slots,
)

BERCY = Settings(name="Bercy", place="Paris", tables=4, rooms=2)


def numbers(event: Event) -> list[int]:
    query = sa.select(EventVersion.number).where(EventVersion.thing_id == event.id)
    return list(db.session.scalars(query.order_by(EventVersion.number)))


def test_versions_begin_when_the_event_opens(app: Flask) -> None:
    event = make_event(status=EventStatus.DRAFT, slots=1)
    edit_event(SYSTEM, event, BERCY)
    assert (event.version, event.revision, numbers(event)) == (0, 2, [])
    publish_event(SYSTEM, event)
    assert (event.version, numbers(event)) == (1, [1])
    assert get_version(EVENT, event, 1).content == {
        "name": "Bercy",
        "place": "Paris",
        "held_on": "2027-03-26",
        "timezone": "Europe/Paris",
        "tables": 4,
        "rooms": 2,
        "wishes_until": None,
        "description": "",
        "slots": [
            {
                "day": 0,
                "starts": "09:00",
                "ends": "09:20",
                "later": False,
                "tables": None,
                "id": event.slots[0].id,
            }
        ],
    }


def test_a_change_of_settings_hours_or_wishes_makes_a_version_each_and_saving_nothing_none(
    app: Flask,
) -> None:
    event = make_event(slots=1)
    edit_event(SYSTEM, event, BERCY, held_on=date(2027, 3, 29), note="La salle est prise.")
    edit_event(SYSTEM, event, BERCY, held_on=date(2027, 3, 29))
    slot = event.slots[0]
    set_slots(SYSTEM, event, [SlotSpec(slot.starts_at, slot.ends_at + timedelta(minutes=5), 3, slot.id)])
    close_wishes(SYSTEM, event)
    assert numbers(event) == [1, 2, 3, 4]
    lines = history(EVENT, event).lines
    assert [line.changed for line in lines[:3]] == [
        ("Demandes de rencontre jusqu’au",),
        ("Créneaux",),
        ("Nom de l’événement", "Lieu", "Premier jour"),
    ]
    assert [line.note for line in lines] == ["", "", "La salle est prise.", ""]


def test_a_version_says_its_hours_as_the_event_s_clocks_showed_them(app: Flask) -> None:
    event = make_event(slots=1, timezone="Europe/Paris")
    edit_event(SYSTEM, event, Settings(name="Bercy", place="Cayenne", tables=4, timezone="America/Cayenne"))
    found = {change.name: (change.before, change.after) for change in comparison(EVENT, event, 1, 2).changes}
    assert event.slots[0].starts_at == datetime(2027, 3, 26, 12, 0, tzinfo=UTC)
    assert found["timezone"] == ("Europe/Paris", "America/Cayenne")
    assert "slots" not in found  # the same hours on the wall, though other instants
    shown = [dict(version_page(EVENT, event, number).shown)["Créneaux"] for number in (1, 2)]
    assert shown == ["vendredi 26 mars 2027, 09:00 – 09:20"] * 2


def test_versions_never_change(app: Flask) -> None:
    row = get_version(EVENT, make_event(), 1)
    row.note = "autre"
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_no_event_is_public_without_a_version(app: Flask) -> None:
    event = make_event(status=EventStatus.DRAFT)
    event.status = EventStatus.OPEN
    with pytest.raises(IntegrityError):
        db.session.flush()


@pytest.mark.parametrize(
    ("name", "bad"), [("tables", 0), ("tables", 2001), ("rooms", -1), ("rooms", 201), ("place", " ")]
)
def test_settings_that_no_event_can_hold_are_refused_by_name(app: Flask, name: str, bad: Any) -> None:
    event = make_event()
    given: dict[str, Any] = {"name": "Bercy", "place": "Paris", "tables": 2000, "rooms": 200}
    edit_event(SYSTEM, event, Settings(**given))
    with pytest.raises(RuleBroken) as refused:
        edit_event(SYSTEM, event, Settings(**given | {name: bad}))
    assert list(refused.value.fields) == [name]


def test_history_of_an_event_is_public_and_that_of_a_draft_is_not(client: IsolatedClient) -> None:
    event, hidden = make_event(), make_event(status=EventStatus.DRAFT)
    edit_event(SYSTEM, event, BERCY, note="Parce que.")
    db.session.commit()
    for page in ("versions", "versions/1", "versions/comparer"):
        assert client.get(f"/evenements/{event.slug}/{page}").status_code == 200
        assert client.get(f"/evenements/{hidden.slug}/{page}").status_code == 404
    assert "Parce que." in client.get(f"/evenements/{event.slug}/versions").text
    assert "Reprendre cette version" not in client.get(f"/evenements/{event.slug}/versions/1").text


def test_a_schedule_names_the_version_it_was_computed_from(client: IsolatedClient) -> None:
    event = make_event(slots=1)
    pair = make_pair(event)
    make_published(event, [(*pair, 0)])
    edit_event(SYSTEM, event, Settings(name=event.name, place="Lyon", tables=4), confirmed=True)
    db.session.commit()
    client.sign_in(make_user(Role.ORGANISER))
    first = client.get(f"/organisation-evenements/{event.slug}/planning/versions/1").text
    derived = client.get(f"/organisation-evenements/{event.slug}/planning/versions/2").text
    assert "Calculé sur la version 1 de l’événement." in first
    assert "Ce qui a changé depuis" in first
    assert "Calculé sur la version 2 de l’événement." in derived
    assert "Ce qui a changé depuis" not in derived
