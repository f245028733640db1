"""The day itself: what is recorded, what is proposed, what is published."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.queries import readers_of
from app.core import clock
from app.core.clock import now
from app.core.db import db
from app.core.errors import InvalidTransition, RuleBroken
from app.core.jobs import JobState
from app.event_day.services import record_late_arrival, record_lost_tables, record_newcomer, record_no_show
from app.events.enums import DayEventKind, EventStatus, Side
from app.events.models import DayEvent, Delegation, Event
from app.meetings.services import answer_invitation, lead_session
from app.outbox.models import Mail
from app.permissions import SYSTEM, Role
from app.schedules import planner
from app.schedules.enums import VersionState
from app.schedules.models import ScheduleRun, ScheduleVersion
from app.schedules.queries.grids import schedule_grid
from app.schedules.reports import MovePolicy
from app.schedules.services import (
    conflicts_of,
    discard_version,
    fill_freed_slots,
    publish_schedule,
    repair_with_moves,
)
from app.schedules.services.placing import picture_of
from tests.clients import IsolatedClient
from tests.factories import make_need, make_offer, make_user, make_vendor
from tests.integration.events.factories import (
    FIRST_SLOT,
    make_delegation,
    make_event,
    make_proposal,
    make_published,
    make_request,
    make_version,
)
from tests.query_counts import counted_queries

MOVES = MovePolicy(price=1, cap=2)


@pytest.fixture(autouse=True)
def during_the_first_slot() -> Iterator[None]:
    with clock.fixed_at(FIRST_SLOT + timedelta(minutes=5)):
        yield


@pytest.fixture
def organiser(client: IsolatedClient) -> IsolatedClient:
    return client.sign_in(make_user(Role.ORGANISER))


def running_event() -> tuple[Event, Delegation, list[Delegation]]:
    """One administration and three vendors it wishes to meet; it meets the first two, at slots 1 and 2."""
    event = make_event(slots=3, tables=2)
    host = make_delegation(event, Side.ADMINISTRATION)
    vendors = [make_delegation(event, Side.VENDOR) for _ in range(3)]
    for vendor in vendors:
        make_request(host, vendor)
    make_published(event, [(host, vendors[0], 0), (host, vendors[1], 1)])
    for vendor in vendors:
        make_user(Role.VENDOR, vendor.organisation)
    return event, host, vendors


def held(version: ScheduleVersion) -> set[tuple[int, int]]:
    """(vendor, position of the slot) of each meeting."""
    numbers = {slot.id: number for number, slot in enumerate(version.event.slots)}
    return {(placement.vendor_id, numbers[placement.slot_id]) for placement in version.placements}


def changes(version: ScheduleVersion) -> list[tuple[str, str]]:
    assert version.run is not None
    return [(change.kind, change.v) for change in version.run.report.changes]


def test_no_show_of_a_meeting_to_come_stands_against_the_published_schedule(app: Flask) -> None:
    event, _host, vendors = running_event()
    record_no_show(SYSTEM, event, vendors[1], event.slots[1])
    (published,) = db.session.scalars(sa.select(ScheduleVersion))
    name = vendors[1].organisation.name
    assert conflicts_of(published) == [f"{name} est indisponible à 09:25."]


def test_events_count_from_the_first_slot_not_started(app: Flask) -> None:
    event, _host, vendors = running_event()
    record_no_show(SYSTEM, event, vendors[1], event.slots[1])
    record_lost_tables(SYSTEM, event, 1, event.slots[1])
    with clock.fixed_at(event.slots[1].starts_at):
        problem = planner.build_problem(event)
    away = next(person for person in problem["participants"] if person["id"] == str(vendors[1].id))
    assert (away["avail"], problem["tables"]) == ([0, 1], [2, 2, 1])


def test_record_no_show_at_a_started_slot_is_refused(app: Flask) -> None:
    event, _host, vendors = running_event()
    with pytest.raises(RuleBroken) as refused:
        record_no_show(SYSTEM, event, vendors[1], event.slots[0])
    assert list(refused.value.fields) == ["slot"]


def test_fill_drops_who_is_absent_fills_the_slot_and_keeps_what_has_begun(app: Flask) -> None:
    event, _host, vendors = running_event()
    record_no_show(SYSTEM, event, vendors[1], event.slots[1])
    version = fill_freed_slots(SYSTEM, event)
    assert held(version) == {(vendors[0].id, 0), (vendors[2].id, 1)}
    assert changes(version) == [("dropped", str(vendors[1].id)), ("added", str(vendors[2].id))]
    assert version.run is not None
    assert (version.state, version.run.job.state) == (VersionState.DRAFT, JobState.DONE)
    assert conflicts_of(version) == []


def test_fill_puts_newcomers_of_own_table_at_that_table(app: Flask) -> None:
    event = make_event(slots=2, tables=3)
    host = make_delegation(event, Side.ADMINISTRATION, table=2)
    vendor = make_delegation(event, Side.VENDOR)
    other = make_delegation(event, Side.VENDOR)
    make_request(host, other)
    make_published(event, [(make_delegation(event, Side.ADMINISTRATION), vendor, 1)])
    version = fill_freed_slots(SYSTEM, event)
    tables = {meeting.vendor_id: meeting.table for meeting in version.placements}
    assert tables == {vendor.id: 0, other.id: 2}


def test_meetings_of_a_lost_table_sit_at_another(organiser: IsolatedClient) -> None:
    event, _host, vendors = running_event()
    record_lost_tables(SYSTEM, event, 1, event.slots[1])
    version = fill_freed_slots(SYSTEM, event)
    tables = {meeting.vendor_id: meeting.table for meeting in version.placements}
    assert (tables[vendors[0].id], tables[vendors[1].id]) == (0, 0)
    assert ("reseated", str(vendors[1].id)) in changes(version)
    page = organiser.get(f"/organisation-evenements/{event.slug}/jour-j/propositions/{version.number}").text
    assert re.findall(r", (table \d)", page) == ["table 1", "table 2", "table 1"]


def test_late_arrival_moves_the_meeting_to_when_it_is_there(app: Flask) -> None:
    event, host, vendors = running_event()
    record_late_arrival(SYSTEM, event, vendors[1], event.slots[2])
    version = fill_freed_slots(SYSTEM, event)
    assert (vendors[1].id, 2) in held(version)
    assert ("moved", str(vendors[1].id)) in changes(version)
    assert conflicts_of(version) == []
    assert host.id in {meeting.administration_id for meeting in version.placements}


def test_newcomer_is_met_from_the_next_slot_on(app: Flask) -> None:
    event, host, _vendors = running_event()
    joins = make_vendor()
    make_proposal(make_need(host.organisation), make_offer(joins), 1.0)
    record_newcomer(SYSTEM, event, joins, min_meetings=1, max_meetings=3)
    version = fill_freed_slots(SYSTEM, event)
    delegation = db.session.scalars(sa.select(Delegation).filter_by(organisation_id=joins.id)).one()
    assert (delegation.id, 2) in held(version)
    assert [delegation.is_away(slot.period) for slot in event.slots] == [True, False, False]


def test_repair_with_moves_runs_in_the_background(app: Flask, run_jobs: Callable[[], int]) -> None:
    event, _host, vendors = running_event()
    record_no_show(SYSTEM, event, vendors[1], event.slots[1])
    run = repair_with_moves(SYSTEM, event, MOVES, time_limit_s=2)
    with pytest.raises(InvalidTransition):
        fill_freed_slots(SYSTEM, event)
    run_jobs()
    version = db.session.scalars(sa.select(ScheduleVersion).filter_by(run_id=run.id)).one()
    assert {vendor for vendor, _slot in held(version)} == {vendors[0].id, vendors[2].id}
    assert (vendors[0].id, 0) in held(version)
    assert conflicts_of(version) == []


def test_repair_killed_after_its_result_is_not_done_twice(app: Flask, run_jobs: Callable[[], int]) -> None:
    event, _host, _vendors = running_event()
    run = repair_with_moves(SYSTEM, event, MOVES, time_limit_s=1)
    run_jobs()
    run.job.state, run.job.finished_at = JobState.QUEUED, None
    run_jobs()
    made = sa.select(sa.func.count(ScheduleVersion.id)).where(ScheduleVersion.run_id == run.id)
    assert (db.session.scalar(made), run.job.state) == (1, JobState.DONE)


def test_publishing_a_repair_writes_to_those_concerned_only(app: Flask) -> None:
    event, _host, vendors = running_event()
    record_no_show(SYSTEM, event, vendors[1], event.slots[1])
    version = fill_freed_slots(SYSTEM, event)
    publish_schedule(SYSTEM, version, agenda_url="https://exemple.fr/mon-agenda")
    db.session.commit()
    mails = db.session.scalars(sa.select(Mail)).all()
    users = [email_of(vendor) for vendor in vendors[1:]]
    assert sorted(mail.recipient for mail in mails) == sorted(users)
    assert version.state is VersionState.PUBLISHED


def email_of(delegation: Delegation) -> str:
    (reader,) = readers_of(delegation.organisation_id)
    return reader.email


def test_publishing_a_repair_overtaken_by_the_clock_is_refused(app: Flask) -> None:
    event, _host, vendors = running_event()
    record_no_show(SYSTEM, event, vendors[1], event.slots[1])
    version = fill_freed_slots(SYSTEM, event)
    with clock.fixed_at(event.slots[1].starts_at), pytest.raises(RuleBroken) as refused:
        publish_schedule(SYSTEM, version)
    assert "a commencé : demandez-en une nouvelle" in refused.value.message


def test_publishing_a_repair_of_another_version_is_refused(app: Flask) -> None:
    event, _host, vendors = running_event()
    record_no_show(SYSTEM, event, vendors[1], event.slots[1])
    first, second = fill_freed_slots(SYSTEM, event), fill_freed_slots(SYSTEM, event)
    publish_schedule(SYSTEM, first)
    assert conflicts_of(second) == [
        "Une autre version a été publiée depuis cette proposition : demandez-en une nouvelle."
    ]


def test_discarding_a_published_version_is_refused(app: Flask) -> None:
    running_event()
    (published,) = db.session.scalars(sa.select(ScheduleVersion))
    with pytest.raises(InvalidTransition):
        discard_version(SYSTEM, published)


def test_repair_once_the_day_is_over_is_refused(app: Flask) -> None:
    event, _host, _vendors = running_event()
    with clock.fixed_at(event.slots[2].starts_at), pytest.raises(InvalidTransition):
        fill_freed_slots(SYSTEM, event)


def test_a_session_whose_host_is_absent_is_held_against_nobody(app: Flask) -> None:
    event, _host, vendors = running_event()
    leader = make_delegation(event, Side.ADMINISTRATION)
    session = lead_session(
        SYSTEM,
        event,
        host=leader,
        slot=event.slots[2],
        theme="Visio",
        room=0,
        capacity=4,
        vendors=[vendors[2]],
    )
    answer_invitation(SYSTEM, session.invitations[0], accept=True)
    record_no_show(SYSTEM, event, leader, event.slots[1])
    assert planner.build_problem(event)["groups"] == []


def test_pages_record_propose_preview_and_publish(organiser: IsolatedClient) -> None:
    event, _host, vendors = running_event()
    day = f"/organisation-evenements/{event.slug}/jour-j"
    page = organiser.get(f"{day}/absence").text
    assert (event.slots[1].id in offered(page), event.slots[0].id in offered(page)) == (True, False)
    answer = organiser.post(f"{day}/absence", data={"delegation": vendors[1].id, "slot": event.slots[1].id})
    assert answer.location == day
    page = organiser.get(day).text
    assert f"{vendors[1].organisation.name} est indisponible à 09:25." in page
    answer = organiser.post(f"{day}/combler")
    assert answer.location == f"{day}/propositions/2"
    page = organiser.get(answer.location).text
    assert f"Absence à ce créneau : {vendors[1].organisation.name}." in page
    assert "Occupe un créneau libéré." in page
    assert answer.location in organiser.get(day).text
    assert "Réparation, sans preuve" in organiser.get(day.replace("jour-j", "planning/versions/2")).text
    published = f"/organisation-evenements/{event.slug}/planning/versions/2/publication"
    assert organiser.post(published).status_code == 302
    states = db.session.scalars(sa.select(ScheduleVersion.state).order_by(ScheduleVersion.number)).all()
    assert states == [VersionState.SUPERSEDED, VersionState.PUBLISHED]
    assert "À réparer" not in organiser.get(day).text


def offered(page: str) -> set[int]:
    """Slots to choose from."""
    return {int(value) for value in re.findall(r'<option[^>]* value="(\d+)"', page.split('name="slot"')[1])}


def test_page_discards_a_proposal_after_asking(organiser: IsolatedClient) -> None:
    event, _host, _vendors = running_event()
    fill_freed_slots(SYSTEM, event)
    db.session.commit()
    path = f"/organisation-evenements/{event.slug}/planning/versions/2/abandon"
    assert "Abandonner la version 2 ?" in organiser.get(path).text
    assert organiser.post(path).location == f"/organisation-evenements/{event.slug}/jour-j"
    assert db.session.scalar(sa.select(sa.func.count(ScheduleVersion.id))) == 1
    assert db.session.scalar(sa.select(sa.func.count(ScheduleRun.id))) == 2


def test_page_takes_back_what_was_recorded_by_mistake(organiser: IsolatedClient) -> None:
    event, _host, vendors = running_event()
    found = record_no_show(SYSTEM, event, vendors[1], event.slots[1])
    db.session.commit()
    path = f"/organisation-evenements/{event.slug}/jour-j/evenements/{found.id}/annuler"
    assert organiser.post(path).status_code == 302
    assert db.session.scalars(sa.select(DayEvent)).all() == []


def test_page_keeps_what_was_typed_when_tables_are_too_many(organiser: IsolatedClient) -> None:
    event, _host, _vendors = running_event()
    path = f"/organisation-evenements/{event.slug}/jour-j/tables"
    page = organiser.post(path, data={"tables": 9, "slot": event.slots[1].id})
    assert (page.status_code, 'value="9"' in page.text) == (422, True)
    assert "Il reste 2 tables en service" in page.text


def test_page_starts_a_repair_with_moves(organiser: IsolatedClient, run_jobs: Callable[[], int]) -> None:
    event, _host, _vendors = running_event()
    day = f"/organisation-evenements/{event.slug}/jour-j"
    assert (
        organiser.post(f"{day}/reparer", data={"price": -1, "cap": 1, "time_limit_s": 1}).status_code == 422
    )
    answer = organiser.post(f"{day}/reparer", data={"price": 5, "cap": 1, "time_limit_s": 1})
    assert "Calcul du planning" in organiser.get(answer.location).text
    run_jobs()
    target = f"{day}/propositions/2"
    assert organiser.get(answer.location).location == target
    assert "5 points par rendez-vous déplacé" in organiser.get(target).text.replace("\u00a0", " ")


def test_page_without_a_published_schedule_says_what_to_do(organiser: IsolatedClient) -> None:
    event = make_event()
    page = organiser.get(f"/organisation-evenements/{event.slug}/jour-j").text
    assert "Aucun planning publié" in page


@pytest.mark.parametrize("path", ["jour-j", "jour-j/absence", "jour-j/propositions/2"])
def test_pages_cost_the_same_with_more_events(organiser: IsolatedClient, path: str) -> None:
    event, _host, vendors = running_event()
    record_no_show(SYSTEM, event, vendors[1], event.slots[1])
    fill_freed_slots(SYSTEM, event)
    db.session.commit()
    address = f"/organisation-evenements/{event.slug}/{path}"
    with counted_queries() as few:
        organiser.get(address)
    for vendor in (vendors[0], vendors[2]):
        record_no_show(SYSTEM, event, vendor, event.slots[2])
    make_request(make_delegation(event, Side.ADMINISTRATION), make_delegation(event, Side.VENDOR))
    db.session.commit()
    db.session.expire_all()
    with counted_queries() as many:
        organiser.get(address)
    assert len(many) == len(few)


def test_closed_event_records_nothing(app: Flask) -> None:
    event, _host, vendors = running_event()
    event.status, event.closed_at = EventStatus.CLOSED, now()
    with pytest.raises(InvalidTransition):
        record_no_show(SYSTEM, event, vendors[1], event.slots[1])
    assert db.session.scalar(sa.select(sa.func.count(DayEvent.id)).filter_by(kind=DayEventKind.NO_SHOW)) == 0


@pytest.mark.parametrize("what", ["absence", "retard", "arrivee"])
def test_page_records_nobody_by_mistake(organiser: IsolatedClient, what: str) -> None:
    event, _host, _vendors = running_event()
    path = f"/organisation-evenements/{event.slug}/jour-j/{what}"
    assert '<option selected value="">Choisir</option>' in organiser.get(path).text
    slot = str(event.slots[1].id)
    page = organiser.post(path, data={"delegation": "", "organisation": "", "slot": slot, "until": slot})
    assert page.status_code == 422
    assert db.session.scalars(sa.select(DayEvent)).all() == []


def test_one_delegation_has_one_absence_that_the_grid_shows(app: Flask) -> None:
    event, _host, vendors = running_event()
    record_no_show(SYSTEM, event, vendors[1], event.slots[1])
    with pytest.raises(RuleBroken) as refused:
        record_late_arrival(SYSTEM, event, vendors[1], event.slots[2])
    assert list(refused.value.fields) == ["delegation"]
    version = make_version(event, [])
    rows = {row.name: row for row in schedule_grid(picture_of(event), version.placements, Side.VENDOR)}
    away = [cell.is_away for cell in rows[vendors[1].organisation.name].cells]
    assert away == [False] + [True] * (len(event.slots) - 1)


def test_nobody_lacks_meetings_they_cannot_attend(app: Flask) -> None:
    event, _host, vendors = running_event()
    vendors[1].min_meetings = len(event.slots)
    record_no_show(SYSTEM, event, vendors[1], event.slots[1])
    people = {person["id"]: person for person in planner.build_problem(event)["participants"]}
    assert people[str(vendors[1].id)]["min"] == 1


def test_tables_are_lost_once(app: Flask) -> None:
    event, _host, _vendors = running_event()
    record_lost_tables(SYSTEM, event, event.tables, event.slots[1])
    with pytest.raises(RuleBroken) as refused:
        record_lost_tables(SYSTEM, event, 1, event.slots[1])
    assert refused.value.fields == {"tables": "Il reste 0 tables en service."}
