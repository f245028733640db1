from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from app.core.db import db
from app.core.errors import Conflict, Forbidden, InvalidTransition, RuleBroken
from app.events.enums import EventStatus, Side
from app.events.services import (
    add_delegation,
    close_event,
    create_event,
    edit_delegation,
    edit_event,
    open_event,
    regular_slots,
    remove_delegation,
    set_slots,
)
from app.events.services.events import SlotSpec, day_of
from app.meetings.services import lead_session
from app.permissions import SYSTEM, VISITOR
from tests.factories import events_office, make_administration, make_vendor
from tests.integration.events.factories import make_delegation, make_event

DAY = date(2027, 3, 26)
EDIT: dict[str, Any] = {
    "name": "Bercy",
    "place": "Paris",
    "tables": 4,
    "rooms": 2,
    "timezone": "Europe/Paris",
}


def test_create_event_starts_hidden(app: Flask) -> None:
    event = create_event(
        SYSTEM, organisation=events_office(), name="Rencontres de Bercy", place="Bercy", tables=9
    )
    assert (event.slug, event.status, event.timezone) == (
        "rencontres-de-bercy",
        EventStatus.DRAFT,
        "Europe/Paris",
    )


def test_create_event_by_a_visitor_is_refused(app: Flask) -> None:
    with pytest.raises(Forbidden):
        create_event(VISITOR, organisation=events_office(), name="x", place="y", tables=1)


def test_create_event_in_unknown_zone_is_refused(app: Flask) -> None:
    with pytest.raises(RuleBroken) as refused:
        create_event(
            SYSTEM, organisation=events_office(), name="x", place="y", tables=1, timezone="Europe/Atlantide"
        )
    assert list(refused.value.fields) == ["timezone"]


def test_edit_event_on_a_stale_version_is_refused(app: Flask) -> None:
    event = make_event()
    edit_event(SYSTEM, event, expected_version=event.version, **EDIT)
    with pytest.raises(Conflict):
        edit_event(SYSTEM, event, expected_version=1, **EDIT)
    assert event.version == 2


def test_edit_event_to_another_day_keeps_local_hours_across_the_change_of_season(app: Flask) -> None:
    event = make_event(slots=1)
    edit_event(SYSTEM, event, expected_version=1, held_on=date(2027, 3, 29), **EDIT)
    assert event.slots[0].starts_at == datetime(2027, 3, 29, 7, 0, tzinfo=UTC)
    assert day_of(event) == date(2027, 3, 29)


def test_open_event_without_slots_is_refused(app: Flask) -> None:
    event = make_event(slots=0, status=EventStatus.DRAFT)
    with pytest.raises(InvalidTransition):
        open_event(SYSTEM, event)
    assert event.status is EventStatus.DRAFT


def test_open_then_close_event(app: Flask) -> None:
    event = make_event(status=EventStatus.DRAFT)
    open_event(SYSTEM, event)
    close_event(SYSTEM, event)
    assert event.status is EventStatus.CLOSED


def test_regular_slots_follow_each_other_with_a_pause() -> None:
    made = regular_slots(
        held_on=date(2027, 3, 26),
        first_at=time(9),
        length_min=20,
        count=2,
        pause_min=5,
        timezone="Europe/Paris",
    )
    paris = ZoneInfo("Europe/Paris")
    assert made == [
        SlotSpec(datetime(2027, 3, 26, 9, 0, tzinfo=paris), datetime(2027, 3, 26, 9, 20, tzinfo=paris)),
        SlotSpec(datetime(2027, 3, 26, 9, 25, tzinfo=paris), datetime(2027, 3, 26, 9, 45, tzinfo=paris)),
    ]


def test_regular_slots_past_midnight_are_refused() -> None:
    with pytest.raises(RuleBroken):
        regular_slots(
            held_on=date(2027, 3, 26),
            first_at=time(9),
            length_min=60,
            count=20,
            pause_min=0,
            timezone="Europe/Paris",
        )


def test_set_slots_keeps_absences_of_slots_that_keep_their_place(app: Flask) -> None:
    event = make_event(slots=3)
    delegation = make_delegation(event, Side.VENDOR, away=(0, 2))
    later = [
        SlotSpec(slot.starts_at + timedelta(hours=1), slot.ends_at + timedelta(hours=1), tables=2)
        for slot in event.slots[:2]
    ]
    set_slots(SYSTEM, event, later, expected_version=1)
    db.session.commit()
    assert [slot.tables for slot in event.slots] == [2, 2]
    assert [absence.slot.position for absence in delegation.absences] == [0]
    assert event.version == 2


def test_set_slots_that_overlap_is_refused(app: Flask) -> None:
    event = make_event(slots=1)
    slot = event.slots[0]
    twice = [SlotSpec(slot.starts_at, slot.ends_at), SlotSpec(slot.starts_at, slot.ends_at)]
    with pytest.raises(RuleBroken):
        set_slots(SYSTEM, event, twice)
    assert len(event.slots) == 1


def test_set_slots_that_drops_a_slot_with_a_session_is_refused(app: Flask) -> None:
    event = make_event(slots=2)
    host = make_delegation(event, Side.ADMINISTRATION)
    lead_session(SYSTEM, event, host=host, slot=event.slots[1], theme="Visio", room=0, capacity=3)
    slot = event.slots[0]
    with pytest.raises(RuleBroken):
        set_slots(SYSTEM, event, [SlotSpec(slot.starts_at, slot.ends_at)])
    assert len(event.slots) == 2


def test_add_delegation_takes_its_side_from_the_organisation(app: Flask) -> None:
    event = make_event()
    administration = add_delegation(SYSTEM, event, make_administration(), max_meetings=3, table=0)
    vendor = add_delegation(
        SYSTEM, event, make_vendor(), min_meetings=1, max_meetings=2, absent_slot_ids=[event.slots[1].id]
    )
    assert (administration.side, vendor.side) == (Side.ADMINISTRATION, Side.VENDOR)
    assert [absence.slot.position for absence in vendor.absences] == [1]


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"min_meetings": 4, "max_meetings": 3}, "min_meetings"),
        ({"max_meetings": 3, "table": 9}, "table"),
        ({"max_meetings": 3, "table": 0}, "table"),
    ],
)
def test_add_delegation_with_wrong_terms_is_refused(app: Flask, terms: dict[str, Any], field: str) -> None:
    event = make_event()
    make_delegation(event, Side.ADMINISTRATION, table=0)
    with pytest.raises(RuleBroken) as refused:
        add_delegation(SYSTEM, event, make_administration(), **terms)
    assert list(refused.value.fields) == [field]


def test_add_delegation_twice_is_refused(app: Flask) -> None:
    event = make_event()
    known = make_delegation(event, Side.VENDOR)
    with pytest.raises(RuleBroken):
        add_delegation(SYSTEM, event, known.organisation, max_meetings=3)


def test_edit_delegation_replaces_its_absences(app: Flask) -> None:
    event = make_event()
    delegation = make_delegation(event, Side.VENDOR, away=(0, 1))
    edit_delegation(
        SYSTEM,
        delegation,
        min_meetings=0,
        max_meetings=2,
        table=None,
        absent_slot_ids=[event.slots[1].id, event.slots[2].id],
    )
    db.session.commit()
    assert sorted(absence.slot.position for absence in delegation.absences) == [1, 2]


def test_remove_delegation_forgets_it(app: Flask) -> None:
    event = make_event()
    remove_delegation(SYSTEM, make_delegation(event, Side.VENDOR))
    db.session.commit()
    db.session.refresh(event)
    assert event.delegations == []
