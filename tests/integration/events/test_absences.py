"""Absences follow an event that changes day or zone, at the same local hours, and people are told."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.content.queries import working_content
from app.core.db import db
from app.events.enums import EventStatus, Side
from app.events.hours import period
from app.events.models import Absence, Delegation, Event
from app.events.services import Settings, announced, planned, save_event
from app.events.spec import EVENT
from app.outbox.models import Mail
from app.permissions import SYSTEM, Role
from tests.factories import make_user
from tests.integration.events.factories import (
    edit_event,
    make_delegation,
    make_event,
    publish_if_any,
)

DAY, NEXT = date(2027, 3, 26), date(2027, 3, 29)


def away(event: Event, delegation: Delegation, day: date, starts: str, ends: str) -> Absence:
    span = period(day, time.fromisoformat(starts), time.fromisoformat(ends), event.zone)
    absence = Absence(starts_at=span.starts_at, ends_at=span.ends_at)
    delegation.absences.append(absence)
    db.session.flush()
    return absence


def shown(event: Event, delegation: Delegation) -> list[str]:
    spans = [item.period for item in delegation.absences]
    local = [(one.starts_at.astimezone(event.zone), one.ends_at.astimezone(event.zone)) for one in spans]
    return [f"{start:%m-%d %H:%M} {end:%m-%d %H:%M}" for start, end in local]


def settings(event: Event, timezone: str = "Europe/Paris") -> Settings:
    return Settings(name=event.name, place=event.place, tables=event.tables, rooms=2, timezone=timezone)


@pytest.mark.parametrize("status", [EventStatus.DRAFT, EventStatus.OPEN])
def test_they_move_with_the_day_at_the_same_hours_across_the_change_of_season(
    app: Flask, status: EventStatus
) -> None:
    event = make_event(status=status)
    delegation = make_delegation(event, Side.VENDOR)
    away(event, delegation, DAY, "09:00", "10:30")
    away(event, delegation, DAY, "14:00", "00:00")
    edit_event(SYSTEM, event, settings(event), held_on=NEXT)
    assert shown(event, delegation) == ["03-29 09:00 03-29 10:30", "03-29 14:00 03-30 00:00"]


def test_they_keep_the_hours_of_the_wall_in_another_zone(app: Flask) -> None:
    event = make_event()
    delegation = make_delegation(event, Side.VENDOR)
    away(event, delegation, DAY, "09:00", "10:30")
    edit_event(SYSTEM, event, settings(event, "America/Cayenne"))
    assert shown(event, delegation) == ["03-26 09:00 03-26 10:30"]
    assert delegation.absences[0].starts_at == datetime(2027, 3, 26, 12, tzinfo=UTC)


def test_those_of_a_day_that_does_not_move_stay(app: Flask) -> None:
    event = make_event(slots=1)
    delegation = make_delegation(event, Side.VENDOR)
    lines = [
        {"day": day, "starts": "09:00", "ends": "09:20", "later": False, "tables": None, "id": slot_id}
        for day, slot_id in ((0, event.slots[0].id), (1, None))
    ]
    save_event(SYSTEM, event, {**working_content(EVENT, event), "slots": lines})
    publish_if_any(SYSTEM, event)
    away(event, delegation, DAY, "09:00", "12:00")
    away(event, delegation, DAY + timedelta(days=1), "09:00", "12:00")
    content = working_content(EVENT, event)
    content["slots"][1]["day"] = 4
    save_event(SYSTEM, event, content)
    publish_if_any(SYSTEM, event)
    assert shown(event, delegation) == ["03-26 09:00 03-26 12:00", "03-30 09:00 03-30 12:00"]


def test_an_hour_that_moves_takes_nothing_along(app: Flask) -> None:
    event = make_event()
    delegation = make_delegation(event, Side.VENDOR)
    absence = away(event, delegation, DAY, "09:00", "10:30")
    content = working_content(EVENT, event)
    content["slots"][2] |= {"starts": "15:00", "ends": "15:20"}
    before = absence.period
    save_event(SYSTEM, event, content)
    publish_if_any(SYSTEM, event)
    assert [item.period for item in delegation.absences] == [before]


def test_two_that_meet_once_moved_become_one_and_an_hour_that_does_not_exist_is_the_next(app: Flask) -> None:
    event = make_event(slots=1)
    delegation = make_delegation(event, Side.VENDOR)
    away(event, delegation, DAY, "01:30", "02:30")
    away(event, delegation, DAY, "03:00", "04:00")
    edit_event(SYSTEM, event, settings(event), held_on=date(2027, 3, 28))
    assert shown(event, delegation) == ["03-28 01:30 03-28 04:00"]


def test_people_are_told_of_it_and_the_organiser_before(app: Flask) -> None:
    event = make_event()
    concerned, other = make_delegation(event, Side.VENDOR), make_delegation(event, Side.VENDOR)
    make_user(Role.VENDOR, concerned.organisation, email="absent@exemple.fr")
    make_user(Role.VENDOR, other.organisation, email="present@exemple.fr")
    away(event, concerned, DAY, "09:00", "10:30")
    values = EVENT.load(EVENT.content_of(event)) | {"held_on": NEXT}
    told = announced(planned(event, values)).consequences
    assert told == ("Les indisponibilités de 1 délégation suivent leur jour, aux mêmes heures.",)
    edit_event(SYSTEM, event, settings(event), held_on=NEXT)
    mails = {mail.recipient: mail.body for mail in db.session.scalars(sa.select(Mail))}
    assert "Vos indisponibilités suivent :\n- lundi 29 mars 2027, 09:00 – 10:30" in mails["absent@exemple.fr"]
    assert "dites-le à l’organisation" in mails["absent@exemple.fr"]
    assert "indisponibilités" not in mails["present@exemple.fr"]


def test_nothing_moves_where_the_day_stays(app: Flask) -> None:
    event = make_event()
    delegation = make_delegation(event, Side.VENDOR, away=(1,))
    before = [item.id for item in delegation.absences]
    edit_event(SYSTEM, event, Settings(name="Autre", place="Lyon", tables=4, rooms=2))
    assert [item.id for item in delegation.absences] == before
