"""Background jobs: at least once, never lost, never two at once, later and later when they fail."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core import clock, jobs
from app.core.clock import now
from app.core.db import db, on_commit, rollback, unit_of_work
from app.core.errors import RuleBroken
from app.core.jobs import Job, JobState, Lane, daily, hourly
from app.core.jobs.handlers import delay_after
from app.core.jobs.health import work_health
from app.core.jobs.models import WorkerBeat
from app.core.jobs.running import keep_leases

DONE: list[int] = []
LEASE = timedelta(seconds=20)


@jobs.handler("test_succeeds")
def _succeeds(job: Job) -> None:
    DONE.append(job.id)


@jobs.handler("test_refuses")
def _refuses(_job: Job) -> None:
    raise RuleBroken("Impossible.")


@jobs.handler("test_crashes", lane=Lane.LONG, attempts=3)
def _crashes(_job: Job) -> None:
    raise OSError("disk")


@jobs.handler("test_loses_its_lease")
def _is_taken_over(job: Job) -> None:
    """While it worked, another worker found it silent and began again."""
    job_id = job.id
    rollback()
    with unit_of_work() as session:
        session.get_one(Job, job_id).attempts += 1


@pytest.fixture(autouse=True)
def nothing_done(app: Flask) -> None:
    DONE.clear()


@pytest.fixture
def nightly() -> Iterator[None]:
    jobs.scheduled("test_nightly", daily(3))(_succeeds)
    yield
    from app.core.jobs.handlers import _handlers

    del _handlers["test_nightly"]


def enqueue(kind: str) -> int:
    with unit_of_work():
        return jobs.enqueue(kind).id


def read(job_id: int) -> Job:
    rollback()
    return db.session.get_one(Job, job_id)


def test_a_job_rolled_back_was_never_asked_for() -> None:
    jobs.enqueue("test_succeeds")
    rollback()
    assert jobs.due_jobs() == []
    job_id = enqueue("test_succeeds")
    assert jobs.due_jobs() == [job_id]


def test_a_job_runs_once_even_when_found_twice() -> None:
    job_id = enqueue("test_succeeds")
    jobs.run(job_id)
    jobs.run(job_id)
    assert [job_id] == DONE
    assert read(job_id).state is JobState.DONE


def test_lanes_do_not_see_each_other() -> None:
    long, short = enqueue("test_crashes"), enqueue("test_succeeds")
    assert jobs.due_jobs(Lane.LONG) == [long]
    assert jobs.due_jobs(Lane.SHORT) == [short]
    assert jobs.due_jobs(Lane.MAIL) == []


def test_a_refusal_fails_at_once_with_its_words() -> None:
    job_id = enqueue("test_refuses")
    jobs.run(job_id)
    assert (read(job_id).state, read(job_id).error) == (JobState.FAILED, "Impossible.")


def test_a_crash_is_tried_again_later_and_later_then_fails() -> None:
    job_id, moment = enqueue("test_crashes"), now()
    for seconds in (30, 60):
        with clock.fixed_at(moment):
            jobs.run(job_id)
        assert read(job_id).state is JobState.QUEUED
        assert read(job_id).due_at == moment + timedelta(seconds=seconds)
        with clock.fixed_at(moment + timedelta(seconds=seconds - 1)):
            assert jobs.due_jobs() == []
        moment += timedelta(seconds=seconds)
        with clock.fixed_at(moment):
            assert jobs.due_jobs() == [job_id]
    jobs.run(job_id)
    assert (read(job_id).state, read(job_id).error) == (JobState.FAILED, "OSError")


def test_delays_double_from_half_a_minute_to_two_hours() -> None:
    seconds = [delay_after(attempt).total_seconds() for attempt in range(1, 12)]
    assert seconds == [30, 60, 120, 240, 480, 960, 1920, 3840, 7200, 7200, 7200]


def running(job_id: int, *, attempts: int, silent_for: timedelta) -> None:
    with unit_of_work() as session:
        job = session.get_one(Job, job_id)
        job.state, job.attempts, job.heartbeat_at = JobState.RUNNING, attempts, now() - silent_for


def test_a_silent_worker_gives_its_job_back() -> None:
    job_id = enqueue("test_succeeds")
    running(job_id, attempts=1, silent_for=LEASE)
    assert jobs.requeue_stale(lease=LEASE) == []
    with clock.fixed_at(now() + timedelta(seconds=1)):
        assert jobs.requeue_stale(lease=LEASE) == [job_id]
    assert read(job_id).state is JobState.QUEUED


def test_a_worker_that_beats_keeps_its_job() -> None:
    job_id = enqueue("test_succeeds")
    running(job_id, attempts=1, silent_for=LEASE)
    with clock.fixed_at(now() + timedelta(seconds=1)):
        keep_leases({job_id})
        assert jobs.requeue_stale(lease=LEASE) == []


def test_a_worker_that_lost_its_lease_leaves_the_job_to_the_other() -> None:
    job_id = enqueue("test_loses_its_lease")
    jobs.run(job_id)
    assert (read(job_id).state, read(job_id).attempts) == (JobState.RUNNING, 2)


def test_a_job_that_kills_its_workers_ends_as_failed() -> None:
    job_id = enqueue("test_crashes")
    running(job_id, attempts=3, silent_for=timedelta(minutes=5))
    assert jobs.requeue_stale(lease=LEASE) == []
    assert (read(job_id).state, read(job_id).error) == (JobState.FAILED, "WorkerLost")


def test_heartbeat_tells_of_a_cancel() -> None:
    job_id = enqueue("test_succeeds")
    assert jobs.heartbeat(job_id, {"phase": "flow"}) is True
    with unit_of_work() as session:
        session.get_one(Job, job_id).cancel_requested = True
    assert jobs.heartbeat(job_id, {"phase": "colouring"}) is False
    assert read(job_id).progress == {"phase": "colouring"}


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 1, 10, 1, 59, tzinfo=UTC), datetime(2026, 1, 9, 2, tzinfo=UTC)),  # 02:59 in Paris
        (datetime(2026, 1, 10, 2, 0, tzinfo=UTC), datetime(2026, 1, 10, 2, tzinfo=UTC)),
        (datetime(2026, 7, 10, 0, 59, tzinfo=UTC), datetime(2026, 7, 9, 1, tzinfo=UTC)),
        (
            datetime(2026, 7, 10, 1, 0, tzinfo=UTC),
            datetime(2026, 7, 10, 1, tzinfo=UTC),
        ),
        (
            datetime(2026, 7, 9, 23, 30, tzinfo=UTC),
            datetime(2026, 7, 9, 1, tzinfo=UTC),
        ),
    ],
)
def test_a_daily_moment_is_an_hour_of_paris(moment: datetime, expected: datetime) -> None:
    assert daily(3)(moment) == expected


def test_an_hourly_moment_is_the_last_one() -> None:
    moment = datetime(2026, 1, 1, 0, 10, tzinfo=UTC)
    assert hourly(10)(moment) == moment
    assert hourly(11)(moment) == datetime(2025, 12, 31, 23, 11, tzinfo=UTC)


def test_a_scheduled_job_is_written_once_for_each_moment(nightly: None) -> None:
    query = sa.select(Job.scheduled_for).where(Job.kind == "test_nightly").order_by(Job.scheduled_for)
    with clock.fixed_at(datetime(2026, 11, 22, 2, 0, tzinfo=UTC)):
        jobs.enqueue_due()
        jobs.enqueue_due()
        assert len(db.session.scalars(query).all()) == 1
    with clock.fixed_at(datetime(2026, 11, 25, 1, 59, tzinfo=UTC)):  # two nights without any worker
        jobs.enqueue_due()
    assert db.session.scalars(query).all() == [datetime(2026, 11, day, 2, tzinfo=UTC) for day in (22, 24)]


def test_the_database_refuses_a_second_job_for_a_moment(nightly: None) -> None:
    due = daily(3)(now())
    with unit_of_work() as session:
        session.add(Job(kind="test_nightly", scheduled_for=due))
    with pytest.raises(sa.exc.IntegrityError), unit_of_work() as session:
        session.add(Job(kind="test_nightly", scheduled_for=due))


def test_work_is_stuck_when_nobody_lives_to_do_it() -> None:
    enqueue("test_succeeds")
    with clock.fixed_at(now() + timedelta(seconds=30)):
        assert not work_health().is_stuck
    with clock.fixed_at(now() + timedelta(seconds=31)):
        assert work_health().is_stuck
        with unit_of_work() as session:
            session.add(WorkerBeat(name="a"))
        assert not work_health().is_stuck
        assert (work_health().workers, work_health().waiting) == (1, 1)


def test_what_fails_after_the_commit_is_no_failure() -> None:
    with unit_of_work():
        job_id = jobs.enqueue("test_succeeds").id
        on_commit(lambda: 1 / 0)
    assert read(job_id).state is JobState.QUEUED


@jobs.handler("test_kept", kept=True)
def _is_kept(_job: Job) -> None:
    """Another row names it."""


def test_finished_jobs_are_forgotten_after_a_month_but_those_other_rows_name() -> None:
    done, failed, kept, waiting = (
        enqueue(kind) for kind in ("test_succeeds", "test_refuses", "test_kept", "test_succeeds")
    )
    for job_id in (done, failed, kept):
        jobs.run(job_id)
    for days, left in ((30, {done, failed, kept, waiting}), (31, {kept, waiting})):
        with clock.fixed_at(now() + timedelta(days=days)):
            jobs.forget_jobs(Job(kind="forget_jobs"))
        assert set(db.session.scalars(sa.select(Job.id))) == left
