from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from app.content.queries import working_content
from app.content.services import EditConflict
from app.content.views import seen_now
from app.core.db import db
from app.core.errors import Forbidden, InvalidTransition, RuleBroken
from app.events.enums import EventStatus, Side
from app.events.services import (
    Settings,
    SlotSpec,
    Terms,
    add_delegation,
    close_event,
    create_event,
    edit_delegation,
    publish_event,
    regular_slots,
    remove_delegation,
    save_event,
)
from app.events.spec import DELEGATION, EVENT
from app.meetings.services import lead_session
from app.permissions import SYSTEM, VISITOR
from tests.factories import events_office, make_administration, make_vendor
from tests.integration.events.factories import edit_event, make_delegation, make_event, set_slots, terms_of

DAY = date(2027, 3, 26)
EDIT = Settings(name="Bercy", place="Paris", tables=4, rooms=2)


def test_create_event_starts_hidden(app: Flask) -> None:
    event = create_event(
        SYSTEM, events_office(), Settings(name="Rencontres de Bercy", place="Bercy", tables=10)
    )
    assert (event.slug, event.status, event.timezone) == (
        "rencontres-de-bercy",
        EventStatus.DRAFT,
        "Europe/Paris",
    )


def test_create_event_by_a_visitor_is_refused(app: Flask) -> None:
    with pytest.raises(Forbidden):
        create_event(VISITOR, events_office(), Settings(name="x", place="y", tables=1))


def test_create_event_in_unknown_zone_is_refused(app: Flask) -> None:
    with pytest.raises(RuleBroken) as refused:
        create_event(
            SYSTEM, events_office(), Settings(name="x", place="y", tables=1, timezone="Europe/Atlantide")
        )
    assert list(refused.value.fields) == ["timezone"]


def test_edit_event_on_a_stale_version_is_refused(app: Flask) -> None:
    event = make_event()
    seen = seen_now(EVENT, event)
    save_event(SYSTEM, event, {**seen.content, "name": "Bercy"}, seen=seen)
    with pytest.raises(EditConflict) as refused:
        save_event(SYSTEM, event, {**seen.content, "name": "Autre", "tables": 9}, seen=seen)
    merge = refused.value.merge
    assert (merge.contested, merge.theirs_only, merge.mine_only) == (("name",), (), ("tables",))
    assert working_content(EVENT, event)["name"] == "Bercy"


def test_edit_event_to_another_day_keeps_local_hours_across_the_change_of_season(app: Flask) -> None:
    event = make_event(slots=1)
    edit_event(SYSTEM, event, EDIT, held_on=date(2027, 3, 29))
    assert event.slots[0].starts_at == datetime(2027, 3, 29, 7, 0, tzinfo=UTC)
    assert event.days == [date(2027, 3, 29)]


def test_open_event_without_slots_is_refused(app: Flask) -> None:
    event = make_event(slots=0, status=EventStatus.DRAFT)
    with pytest.raises(InvalidTransition):
        publish_event(SYSTEM, event)
    assert event.status is EventStatus.DRAFT


def test_open_then_close_event(app: Flask) -> None:
    event = make_event(status=EventStatus.DRAFT)
    publish_event(SYSTEM, event)
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


def test_regular_slots_go_on_past_midnight() -> None:
    made = regular_slots(
        held_on=date(2027, 3, 26),
        first_at=time(22),
        length_min=60,
        count=3,
        pause_min=0,
        timezone="Europe/Paris",
    )
    assert [spec.starts_at for spec in made] == [
        datetime(2027, 3, 26, hour, tzinfo=UTC) for hour in (21, 22, 23)
    ]


def test_slots_keep_their_identity_whatever_is_added_before_them(app: Flask) -> None:
    event = make_event(slots=3)
    delegation = make_delegation(event, Side.VENDOR, away=(0, 2))
    ids, absences = [slot.id for slot in event.slots], [item.period for item in delegation.absences]
    earlier = SlotSpec(event.slots[0].starts_at - timedelta(minutes=30), event.slots[0].starts_at)
    known = [SlotSpec(slot.starts_at, slot.ends_at, 2, slot.id) for slot in event.slots]
    set_slots(SYSTEM, event, [earlier, *known])
    db.session.commit()
    assert [slot.id for slot in event.slots][1:] == ids
    assert [slot.tables for slot in event.slots] == [None, 2, 2, 2]
    assert [item.period for item in delegation.absences] == absences
    assert [delegation.is_away(slot.period) for slot in event.slots] == [False, True, False, True]


def test_a_slot_said_again_without_identifier_is_the_one_that_starts_then(app: Flask) -> None:
    event = make_event(slots=2)
    first, second = event.slots
    longer = SlotSpec(first.starts_at, first.starts_at + timedelta(minutes=22))
    set_slots(SYSTEM, event, [longer])
    db.session.commit()
    assert [(slot.id, slot.ends_at) for slot in event.slots] == [(first.id, longer.ends_at)]
    assert second.id != first.id


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
    administration = add_delegation(SYSTEM, event, make_administration(), Terms(max_meetings=3, table=0))
    away = event.slots[1].period
    vendor = add_delegation(
        SYSTEM, event, make_vendor(), Terms(min_meetings=1, max_meetings=2, absences=(away,))
    )
    assert (administration.side, vendor.side) == (Side.ADMINISTRATION, Side.VENDOR)
    assert [absence.period for absence in vendor.absences] == [away]


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
        add_delegation(SYSTEM, event, make_administration(), Terms(**terms))
    assert list(refused.value.fields) == [field]


def test_add_delegation_twice_is_refused(app: Flask) -> None:
    event = make_event()
    known = make_delegation(event, Side.VENDOR)
    with pytest.raises(RuleBroken):
        add_delegation(SYSTEM, event, known.organisation, Terms(max_meetings=3))


def test_edit_delegation_replaces_its_absences(app: Flask) -> None:
    event = make_event()
    delegation = make_delegation(event, Side.VENDOR, away=(0, 1))
    one, two = event.slots[1].period, event.slots[2].period
    edit_delegation(SYSTEM, delegation, terms_of(delegation, max_meetings=2, absences=(two, one)))
    db.session.commit()
    assert [absence.period for absence in delegation.absences] == [one, two]


def test_two_organisers_of_a_delegation_both_keep_what_goes_together(app: Flask) -> None:
    event = make_event()
    delegation = make_delegation(event, Side.VENDOR)
    seen = seen_now(DELEGATION, delegation)
    one, two = event.slots[1].period, event.slots[2].period
    edit_delegation(SYSTEM, delegation, terms_of(delegation, min_meetings=1, absences=[one]), seen=seen)
    theirs = DELEGATION.load(seen.content) | {"max_meetings": 9}
    mine = DELEGATION.dump(
        theirs | {"absences": DELEGATION.load(terms_of(delegation, absences=[two]))["absences"]}
    )
    with pytest.raises(EditConflict) as refused:
        edit_delegation(SYSTEM, delegation, mine, seen=seen)
    found = refused.value.merge
    assert (found.contested, found.joined) == ((), ("absences",))
    edit_delegation(SYSTEM, delegation, found.content, seen=seen_now(DELEGATION, delegation))
    assert (delegation.min_meetings, delegation.max_meetings, delegation.revision) == (1, 9, 3)
    assert [absence.period for absence in delegation.absences] == [one, two]


def test_remove_delegation_forgets_it(app: Flask) -> None:
    event = make_event()
    remove_delegation(SYSTEM, make_delegation(event, Side.VENDOR))
    db.session.commit()
    db.session.refresh(event)
    assert event.delegations == []
