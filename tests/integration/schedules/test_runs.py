"""What is asked of a run, and what it tells beside its schedule."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.enums import VendorSize
from app.core.db import db
from app.core.jobs import JobState
from app.events.enums import Side
from app.events.models import Event
from app.meetings.enums import PairRuleKind, RequestState
from app.meetings.services import set_pair_rule
from app.permissions import SYSTEM, Role
from app.schedules.models import ScheduleRun, ScheduleVersion
from app.schedules.reports import Asked, Gain, RunOptions
from app.schedules.services import conflicts_of, generate_schedule
from tests.clients import IsolatedClient
from tests.factories import make_user, make_vendor
from tests.integration.events.factories import (
    make_delegation,
    make_event,
    make_pair,
    make_published,
    make_request,
)


@pytest.fixture
def organiser(client: IsolatedClient) -> IsolatedClient:
    return client.sign_in(make_user(Role.ORGANISER))


def unequal_event(**vendor_values: Any) -> Event:
    """One slot, two administrations; both want the first vendor mutually, one would see the second."""
    event = make_event(slots=2, tables=1)
    host = make_delegation(event, Side.ADMINISTRATION)
    liked = [make_delegation(event, Side.VENDOR) for _ in range(2)]
    other = make_delegation(event, Side.VENDOR, organisation=make_vendor(**vendor_values))
    for vendor in liked:
        make_request(host, vendor, state=RequestState.ACCEPTED)
    make_request(host, other)
    return event


def only_version() -> ScheduleVersion:
    return db.session.scalars(sa.select(ScheduleVersion)).one()


def partners(version: ScheduleVersion) -> set[int]:
    return {meeting.vendor_id for meeting in version.placements}


def test_a_run_without_options_serves_value_alone(app: Flask, run_jobs: Callable[[], int]) -> None:
    event = unequal_event(vendor_size=VendorSize.SME)
    sme = event.delegations[-1].id
    generate_schedule(SYSTEM, event, time_limit_s=5)
    run_jobs()
    version = only_version()
    assert sme not in partners(version)
    assert version.run is not None
    assert version.run.report.spread is None


@pytest.mark.parametrize(("size", "served"), [(VendorSize.SME, True), (VendorSize.MID, False)])
def test_sme_floor_serves_smes_first(
    app: Flask, run_jobs: Callable[[], int], size: VendorSize, served: bool
) -> None:
    event = unequal_event(vendor_size=size)
    vendor = event.delegations[-1].id
    make_sizes = [item for item in event.delegations if item.side is Side.VENDOR][:2]
    for item in make_sizes:
        item.organisation.vendor_size = VendorSize.LARGE
    generate_schedule(SYSTEM, event, time_limit_s=5, options=RunOptions(sme_floor=1, polish=False))
    run_jobs()
    version = only_version()
    assert (vendor in partners(version)) is served
    assert version.run is not None
    spread = version.run.report.spread
    assert spread is not None
    assert spread.before.points == 250
    assert spread.after.points == (190 if served else 250)


def test_raise_floor_gives_everyone_a_meeting(app: Flask, run_jobs: Callable[[], int]) -> None:
    event = make_event(slots=2, tables=1)
    hosts = [make_delegation(event, Side.ADMINISTRATION) for _ in range(2)]
    vendors = [make_delegation(event, Side.VENDOR) for _ in range(2)]
    for vendor in vendors:
        make_request(hosts[0], vendor, state=RequestState.ACCEPTED)
    make_request(hosts[1], vendors[0])
    generate_schedule(SYSTEM, event, time_limit_s=5, options=RunOptions(raise_floor=True))
    run_jobs()
    version = only_version()
    assert version.run is not None
    spread = version.run.report.spread
    assert spread is not None
    figures = [sides.of("A") for sides in (spread.before, spread.after)]
    assert [item.least for item in figures] == [0, 1]
    assert [item.histogram for item in figures] == [(1, 0, 1), (0, 2)]
    assert [person["min"] for person in version.run.problem["participants"]] == [1, 1, 1, 1]
    assert conflicts_of(version) == []


def test_keep_published_keeps_every_slot_of_a_schedule_as_good(
    app: Flask, run_jobs: Callable[[], int]
) -> None:
    event = make_event(slots=3)
    administration, vendor = make_pair(event)
    make_request(administration, vendor)
    make_published(event, [(administration, vendor, 2)])
    run = generate_schedule(SYSTEM, event, time_limit_s=5, options=RunOptions(keep_published=True))
    run_jobs()
    version = db.session.scalars(sa.select(ScheduleVersion).filter_by(run_id=run.id)).one()
    assert [item.slot_id for item in version.placements] == [event.slots[2].id]


def test_polish_tells_what_it_brought(organiser: IsolatedClient, run_jobs: Callable[[], int]) -> None:
    event = unequal_event()
    generate_schedule(SYSTEM, event, time_limit_s=5)
    run_jobs()
    version = only_version()
    assert version.run is not None
    assert [figure.code for figure in version.run.report.comfort] == [
        "breaks",
        "table_moves",
        "idle_slots",
    ]
    page = organiser.get(f"/organisation-evenements/{event.slug}/planning/versions/1").text
    assert "Attentes entre deux activités" in page
    assert "atteint, prouvé" in page


def infeasible_event() -> Event:
    """A chain of three pinned meetings: the first fits slot 1 only, the last slot 2, none is left between."""
    event = make_event(slots=3)
    hosts = [make_delegation(event, Side.ADMINISTRATION, away=away) for away in ((1, 2), (2,))]
    vendors = [make_delegation(event, Side.VENDOR, away=away) for away in ((2,), (0, 2))]
    for host, vendor in ((0, 0), (1, 0), (1, 1)):
        set_pair_rule(
            SYSTEM,
            event,
            administration=hosts[host],
            vendor=vendors[vendor],
            kind=PairRuleKind.PINNED,
            slot=None,
        )
    return event


def test_an_impossible_run_keeps_its_reasons_and_makes_no_version(
    organiser: IsolatedClient, run_jobs: Callable[[], int]
) -> None:
    event = infeasible_event()
    run = generate_schedule(SYSTEM, event, time_limit_s=5)
    run_jobs()
    assert db.session.scalars(sa.select(ScheduleVersion)).all() == []
    assert (run.job.state, run.report.status) == (JobState.DONE, "infeasible")
    page = organiser.get(f"/organisation-evenements/{event.slug}/planning/calculs/{run.id}").text
    host = event.delegations[0].organisation.name
    assert "Aucun planning possible" in page
    assert "Ces engagements ne peuvent tenir tous : 2 au plus sur 3." in page
    assert host in page
    assert "Voir pourquoi" in organiser.get(f"/organisation-evenements/{event.slug}/planning").text


def test_minimums_out_of_reach_are_named_beside_the_schedule(
    organiser: IsolatedClient, run_jobs: Callable[[], int]
) -> None:
    event = make_event(slots=3)
    administration = make_delegation(event, Side.ADMINISTRATION, min_meetings=2)
    make_request(administration, make_delegation(event, Side.VENDOR))
    generate_schedule(SYSTEM, event, time_limit_s=5)
    run_jobs()
    page = organiser.get(f"/organisation-evenements/{event.slug}/planning/versions/1").text
    who = administration.organisation.name
    assert f"{who} : les minimums demandent 2 rendez-vous, 1 au plus sont possibles." in page


def test_a_study_ranks_what_changes_would_bring_and_is_kept(
    organiser: IsolatedClient, run_jobs: Callable[[], int]
) -> None:
    event = unequal_event()
    generate_schedule(SYSTEM, event, time_limit_s=5)
    run_jobs()
    path = f"/organisation-evenements/{event.slug}/planning/versions/1"
    assert "Mesurer les gains possibles" in organiser.get(path).text
    assert organiser.post(f"{path}/assouplissements").location == f"{path}#gains"
    moving = organiser.get(f"{path}/assouplissements", headers={"HX-Request": "true"}).text
    assert ("Mesure en cours" in moving, "hx-get" in moving, "<html" in moving) == (True, True, False)
    assert "Mesure en cours" in organiser.get(path).text
    run_jobs()
    run = db.session.scalars(sa.select(ScheduleRun)).one()
    assert run.study is not None
    assert run.study.gains == (Gain("slot", "2", 65),)
    page = organiser.get(path).text
    assert "Un créneau de plus à la fin du programme, pour tous" in page
    assert "+65" in page
    assert "hx-get" not in organiser.get(f"{path}/assouplissements", headers={"HX-Request": "true"}).text
    job_id = run.study.job_id
    organiser.post(f"{path}/assouplissements")
    db.session.expire_all()
    assert run.study.job_id == job_id


def test_generate_page_hands_the_options_to_the_run(organiser: IsolatedClient) -> None:
    event = unequal_event()
    asked = {"time_limit_s": 5, "raise_floor": "y", "sme_floor": "2"}
    organiser.post(f"/organisation-evenements/{event.slug}/planning/generer", data=asked)
    run = db.session.scalars(sa.select(ScheduleRun)).one()
    assert run.asked == Asked(raise_floor=True, sme_floor=2, polish=False)
