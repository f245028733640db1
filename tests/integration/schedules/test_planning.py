"""From a run to a published schedule. The solver itself has its own tests: a small one stands in where the
test is about the job around it."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core import jobs
from app.core.clock import now
from app.core.db import db
from app.core.errors import InvalidTransition, RuleBroken
from app.core.jobs import JobState
from app.events.enums import Side
from app.events.models import Event
from app.events.services import SlotSpec, edit_delegation
from app.meetings.enums import PairRuleKind, RequestState
from app.meetings.models import GroupSession
from app.meetings.services import answer_invitation, lead_session, set_pair_rule
from app.outbox.models import Mail
from app.permissions import SYSTEM, Role
from app.schedules import planner
from app.schedules.enums import SolverStatus, VersionState
from app.schedules.models import ScheduleRun, ScheduleVersion
from app.schedules.reports import Answer, Held
from app.schedules.services import cancel_run, conflicts_of, generate_schedule, publish_schedule
from matching.scheduling.model.problem import Problem
from matching.scheduling.verify.check import check
from tests.clients import IsolatedClient
from tests.factories import make_need, make_offer, make_user
from tests.integration.events.factories import (
    make_delegation,
    make_event,
    make_pair,
    make_proposal,
    make_published,
    make_request,
    make_version,
    set_slots,
    terms_of,
)


def first_fit(problem: dict[str, Any], *, on_progress: Any, should_stop: Any, **_options: Any) -> Answer:
    """A solver good enough for one pair: the first candidate at the first slot."""
    on_progress(SimpleNamespace(phase="flow", objective=1.0, bound=2.0, gap=0.5, elapsed_s=0.1))
    pair = problem["candidates"][0]
    return Answer(
        "feasible" if should_stop() else "optimal",
        meetings=(Held(pair["a"], pair["v"], 0, 0),),
        objective=pair["w"],
        bound=pair["w"],
    )


@pytest.fixture
def quick_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planner, "solve", first_fit)


def versions() -> list[ScheduleVersion]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(ScheduleVersion).order_by(ScheduleVersion.number)))


def event_with_a_wish() -> Event:
    event = make_event()
    make_request(*make_pair(event))
    return event


def test_candidate_values_put_mutual_above_one_sided_and_buyer_above_vendor(app: Flask) -> None:
    event = make_event()
    requests = [
        make_request(*make_pair(event), state=RequestState.ACCEPTED),
        make_request(*make_pair(event)),
        make_request(*make_pair(event), requested_by=Side.VENDOR),
        make_request(*make_pair(event), state=RequestState.DECLINED, match_score=1),
    ]
    values = planner.candidate_values(requests, {(0, 0): 1.0})
    points = [values.get((item.administration_id, item.vendor_id)) for item in requests]
    assert points == [125, 65, 50, None]
    assert values[0, 0] == 105


def test_build_problem_tells_absences_rules_proposals_and_sessions(app: Flask) -> None:
    event = make_event(slots=3)
    administration, vendor = make_pair(event)
    away = make_delegation(event, Side.VENDOR, away=(1,), min_meetings=1)
    make_proposal(make_need(administration.organisation), make_offer(vendor.organisation), 1.5, best=3.0)
    set_pair_rule(
        SYSTEM,
        event,
        administration=administration,
        vendor=away,
        kind=PairRuleKind.PINNED,
        slot=event.slots[2],
    )
    session = _session(event, administration, vendor)
    problem = planner.build_problem(event)
    assert problem["participants"][2] == {
        "id": str(away.id),
        "side": "V",
        "avail": [0, 2],
        "min": 1,
        "max": 3,
        "table": None,
    }
    assert problem["candidates"] == [
        {"a": str(administration.id), "v": str(vendor.id), "w": 55},
        {"a": str(administration.id), "v": str(away.id), "w": 5},
    ]
    assert problem["pinned"] == [{"a": str(administration.id), "v": str(away.id), "slot": 2}]
    assert problem["groups"] == [
        {
            "id": f"session-{session.id}",
            "ambassador": str(administration.id),
            "vendors": [{"v": str(vendor.id), "w": 50}],
            "cap": 4,
            "min": 1,
            "slots": [0],
        }
    ]


def _session(event: Event, host: Any, vendor: Any, position: int = 0) -> GroupSession:
    session = lead_session(
        SYSTEM,
        event,
        host=host,
        slot=event.slots[position],
        theme="Visio",
        room=0,
        capacity=4,
        vendors=[vendor],
    )
    answer_invitation(SYSTEM, session.invitations[0], accept=True)
    db.session.commit()
    return session


def test_generate_schedule_without_anything_to_plan_is_refused(app: Flask) -> None:
    event = make_event()
    make_pair(event)
    with pytest.raises(RuleBroken):
        generate_schedule(SYSTEM, event)


def test_generate_schedule_names_a_pin_against_availability(app: Flask) -> None:
    event = make_event()
    administration, vendor = make_pair(event)
    set_pair_rule(
        SYSTEM,
        event,
        administration=administration,
        vendor=vendor,
        kind=PairRuleKind.PINNED,
        slot=event.slots[1],
    )
    edit_delegation(SYSTEM, vendor, terms_of(vendor, absences=[event.slots[1].period]))
    with pytest.raises(RuleBroken) as refused:
        generate_schedule(SYSTEM, event)
    names = f"{administration.organisation.name} – {vendor.organisation.name}"
    assert refused.value.message == f"{names} : rencontre imposée quand l’un des deux est indisponible."


def test_generate_schedule_twice_at_once_is_refused(app: Flask) -> None:
    event = event_with_a_wish()
    generate_schedule(SYSTEM, event)
    with pytest.raises(InvalidTransition):
        generate_schedule(SYSTEM, event)


@pytest.mark.usefixtures("quick_solver")
def test_job_makes_a_draft_version(app: Flask, run_jobs: Callable[[], int]) -> None:
    run = generate_schedule(SYSTEM, event_with_a_wish())
    run_jobs()
    (version,) = versions()
    assert (version.number, version.state, version.solver_status) == (
        1,
        VersionState.DRAFT,
        SolverStatus.OPTIMAL,
    )
    assert (len(version.placements), run.job.state) == (1, JobState.DONE)


def test_job_with_the_real_solver_gives_a_schedule_that_stands(
    client: IsolatedClient, run_jobs: Callable[[], int]
) -> None:
    event = make_event(slots=4, tables=2)
    hosts = [make_delegation(event, Side.ADMINISTRATION, min_meetings=1, table=n) for n in range(2)]
    vendors = [make_delegation(event, Side.VENDOR, away=(n,)) for n in range(4)]
    for host in hosts:
        for vendor in vendors[1:]:
            make_request(host, vendor)
    _session(event, hosts[0], vendors[0], position=1)
    generate_schedule(SYSTEM, event, time_limit_s=10)
    run_jobs()
    (version,) = versions()
    assert (version.solver_status, version.gap, len(version.placements)) == (SolverStatus.OPTIMAL, 0, 6)
    assert {(m.administration_id, m.table) for m in version.placements} == {
        (hosts[0].id, 0),
        (hosts[1].id, 1),
    }
    assert conflicts_of(version) == []
    client.sign_in(make_user(Role.ORGANISER))
    path = f"/organisation-evenements/{event.slug}/planning/versions/1"
    assert "Session : Visio" in client.get(path).text
    problem, schedule = client.get(f"{path}/probleme.json").json, client.get(f"{path}/planning.json").json
    assert check(Problem.from_json(problem), schedule or {}) == []


@pytest.mark.usefixtures("quick_solver")
def test_job_cancelled_keeps_the_best_so_far(app: Flask, run_jobs: Callable[[], int]) -> None:
    run = generate_schedule(SYSTEM, event_with_a_wish())
    cancel_run(SYSTEM, run)
    run_jobs()
    (version,) = versions()
    assert (version.solver_status, len(version.placements)) == (SolverStatus.FEASIBLE, 1)
    assert run.job.state is JobState.CANCELLED
    with pytest.raises(InvalidTransition):
        cancel_run(SYSTEM, run)


@pytest.mark.usefixtures("quick_solver")
def test_job_of_a_killed_worker_is_done_by_another(app: Flask, run_jobs: Callable[[], int]) -> None:
    run = generate_schedule(SYSTEM, event_with_a_wish())
    run.job.state, run.job.attempts = JobState.RUNNING, 1
    run.job.heartbeat_at = now() - timedelta(minutes=5)
    db.session.commit()
    jobs.requeue_stale(lease=timedelta(seconds=20))
    run_jobs()
    assert [version.run_id for version in versions()] == [run.id]


@pytest.mark.usefixtures("quick_solver")
def test_job_killed_after_its_result_is_not_done_twice(app: Flask, run_jobs: Callable[[], int]) -> None:
    run = generate_schedule(SYSTEM, event_with_a_wish())
    run_jobs()
    run.job.state, run.job.finished_at = JobState.QUEUED, None
    run_jobs()
    assert (len(versions()), run.job.state) == (1, JobState.DONE)


@pytest.mark.usefixtures("quick_solver")
def test_job_on_slots_dropped_meanwhile_fails_with_words(app: Flask, run_jobs: Callable[[], int]) -> None:
    event = event_with_a_wish()
    run = generate_schedule(SYSTEM, event)
    late = event.slots[-1].ends_at
    set_slots(SYSTEM, event, [SlotSpec(late, late + timedelta(minutes=20))])
    run_jobs()
    db.session.expire_all()
    assert run.job.state is JobState.FAILED
    assert run.job.error.startswith("Les créneaux ou les délégations ont changé")


def test_publish_schedule_supersedes_the_previous_and_writes_to_each_delegation(app: Flask) -> None:
    event = make_event()
    administration, vendor = make_pair(event)
    make_request(administration, vendor)
    user = make_user(Role.VENDOR, vendor.organisation)
    first = make_published(event, [(administration, vendor, 0)])
    second = make_version(event, [(administration, vendor, 1)])
    publish_schedule(SYSTEM, second, agenda_url="https://exemple.fr/mon-agenda")
    db.session.commit()
    assert (first.state, second.state) == (VersionState.SUPERSEDED, VersionState.PUBLISHED)
    mails = db.session.scalars(sa.select(Mail)).all()
    assert [mail.recipient for mail in mails] == [user.email]
    assert f"09:25 – 09:45 : {administration.organisation.name} (table 1)" in mails[0].body


def test_publish_schedule_after_a_delegation_went_away_is_refused(client: IsolatedClient) -> None:
    event = make_event()
    administration, vendor = make_pair(event)
    make_request(administration, vendor)
    version = make_version(event, [(administration, vendor, 1)])
    edit_delegation(SYSTEM, vendor, terms_of(vendor, absences=[event.slots[1].period]))
    with pytest.raises(RuleBroken):
        publish_schedule(SYSTEM, version)
    client.sign_in(make_user(Role.ORGANISER))
    path = f"/organisation-evenements/{event.slug}/planning/versions/1/publication"
    page = client.post(path)
    assert page.status_code == 422
    assert f"{vendor.organisation.name} est indisponible à 09:25." in page.text
    db.session.refresh(version)
    assert version.state is VersionState.DRAFT


def test_publish_schedule_after_a_session_took_the_slot_is_refused(app: Flask) -> None:
    event = make_event()
    administration, vendor = make_pair(event)
    make_request(administration, vendor)
    version = make_version(event, [(administration, vendor, 0)])
    _session(event, administration, make_delegation(event, Side.VENDOR))
    assert conflicts_of(version) == [f"{administration.organisation.name} a plusieurs activités à 09:00."]


def test_publish_schedule_of_a_pair_declined_since_is_refused(app: Flask) -> None:
    event = make_event()
    administration, vendor = make_pair(event)
    version = make_version(event, [(administration, vendor, 0)])
    assert conflicts_of(version) == []
    make_request(administration, vendor, state=RequestState.DECLINED)
    assert len(conflicts_of(version)) == 1


def test_publish_page_asks_then_publishes(client: IsolatedClient) -> None:
    event = make_event()
    pair = make_pair(event)
    make_request(*pair)
    make_version(event, [(*pair, 0)])
    client.sign_in(make_user(Role.ORGANISER))
    path = f"/organisation-evenements/{event.slug}/planning/versions/1/publication"
    reader = make_user(Role.VENDOR, pair[1].organisation, email="lectrice@exemple.fr")
    asked = client.get(path).text
    assert "Publier la version 1 ?" in asked
    assert "1\u00a0courriel partira" in asked
    assert f"{reader.email} : " in asked
    assert [found.state for found in versions()] == [VersionState.DRAFT]
    assert db.session.scalars(sa.select(Mail)).all() == []
    assert client.post(path).status_code == 302
    assert [found.state for found in versions()] == [VersionState.PUBLISHED]
    assert [mail.recipient for mail in db.session.scalars(sa.select(Mail))] == [reader.email]


@pytest.mark.usefixtures("quick_solver")
def test_run_page_shows_progress_then_leads_to_the_version(
    client: IsolatedClient, run_jobs: Callable[[], int]
) -> None:
    event = event_with_a_wish()
    client.sign_in(make_user(Role.ORGANISER))
    answer = client.post(f"/organisation-evenements/{event.slug}/planning/generer", data={"time_limit_s": 5})
    run = db.session.scalars(sa.select(ScheduleRun)).one()
    assert answer.location == f"/organisation-evenements/{event.slug}/planning/calculs/{run.id}"
    run.job.progress = {"phase": "flow", "objective": 90.0, "bound": 100.0, "gap": 0.1, "elapsed_s": 1.5}
    partial = client.get(answer.location, headers={"HX-Request": "true"}).text
    assert ("<html" in partial, "10\u00a0%" in partial, "Arrêter et garder le meilleur" in partial) == (
        False,
        True,
        True,
    )
    assert "Actualiser" in client.get(answer.location).text
    run_jobs()
    version = f"/organisation-evenements/{event.slug}/planning/versions/1"
    assert client.get(answer.location).location == version
    assert client.get(answer.location, headers={"HX-Request": "true"}).headers["HX-Redirect"] == version


def test_generate_page_says_why_it_refuses(client: IsolatedClient) -> None:
    event = make_event()
    make_pair(event)
    client.sign_in(make_user(Role.ORGANISER))
    page = client.post(f"/organisation-evenements/{event.slug}/planning/generer", data={"time_limit_s": 5})
    assert page.status_code == 422
    assert "il n’y a rien à planifier" in page.text


def test_nothing_is_planned_without_slots_or_wishes(app: Flask) -> None:
    with pytest.raises(RuleBroken, match="Créez d’abord les créneaux"):
        generate_schedule(SYSTEM, make_event(slots=0))
    with pytest.raises(RuleBroken, match="rien à planifier"):
        generate_schedule(SYSTEM, make_event(slots=1))
