"""Background jobs: at least once, never lost, never two at once."""

from datetime import timedelta

import pytest
from flask import Flask

from app.core import clock, jobs
from app.core.clock import now
from app.core.db import db, rollback, unit_of_work
from app.core.errors import RuleBroken
from app.core.jobs import Job, JobState

DONE: list[int] = []


@jobs.handler("test_succeeds")
def _succeeds(job: Job) -> None:
    DONE.append(job.id)


@jobs.handler("test_refuses")
def _refuses(_job: Job) -> None:
    raise RuleBroken("Impossible.")


@jobs.handler("test_crashes")
def _crashes(_job: Job) -> None:
    raise OSError("disk")


@pytest.fixture(autouse=True)
def nothing_done(app: Flask) -> None:
    DONE.clear()


def enqueue(kind: str) -> int:
    with unit_of_work():
        return jobs.enqueue(kind).id


def state(job_id: int) -> JobState:
    rollback()
    return db.session.get_one(Job, job_id).state


def test_a_job_rolled_back_wakes_nobody() -> None:
    woken: list[int] = []
    jobs.set_wake(woken.append)
    jobs.enqueue("test_succeeds")
    rollback()
    assert woken == []
    job_id = enqueue("test_succeeds")
    assert woken == [job_id]


def test_a_job_runs_once_even_when_woken_twice() -> None:
    job_id = enqueue("test_succeeds")
    jobs.run(job_id, max_attempts=3)
    jobs.run(job_id, max_attempts=3)
    assert [job_id] == DONE
    assert state(job_id) is JobState.DONE


def test_a_refusal_fails_at_once_with_its_words() -> None:
    job_id = enqueue("test_refuses")
    jobs.run(job_id, max_attempts=3)
    assert state(job_id) is JobState.FAILED
    assert db.session.get_one(Job, job_id).error == "Impossible."


def test_a_crash_is_tried_again_then_fails() -> None:
    job_id = enqueue("test_crashes")
    for expected in (JobState.QUEUED, JobState.QUEUED, JobState.FAILED):
        jobs.run(job_id, max_attempts=3)
        assert state(job_id) is expected
    assert db.session.get_one(Job, job_id).error == "OSError"


def test_a_silent_worker_gives_its_job_back() -> None:
    job_id = enqueue("test_succeeds")
    with unit_of_work() as session:
        job = session.get_one(Job, job_id)
        job.state, job.attempts, job.heartbeat_at = JobState.RUNNING, 1, now()
    lease = timedelta(seconds=20)
    assert jobs.requeue_stale(lease=lease, max_attempts=3) == []
    with clock.fixed_at(now() + timedelta(seconds=21)):
        assert jobs.requeue_stale(lease=lease, max_attempts=3) == [job_id]
    assert state(job_id) is JobState.QUEUED


def test_a_job_that_kills_its_workers_ends_as_failed() -> None:
    job_id = enqueue("test_succeeds")
    with unit_of_work() as session:
        job = session.get_one(Job, job_id)
        job.state, job.attempts, job.heartbeat_at = JobState.RUNNING, 3, now() - timedelta(minutes=5)
    assert jobs.requeue_stale(lease=timedelta(seconds=20), max_attempts=3) == []
    assert state(job_id) is JobState.FAILED


def test_heartbeat_tells_of_a_cancel() -> None:
    job_id = enqueue("test_succeeds")
    assert jobs.heartbeat(job_id, {"phase": "flow"}) is True
    with unit_of_work() as session:
        session.get_one(Job, job_id).cancel_requested = True
    assert jobs.heartbeat(job_id, {"phase": "colouring"}) is False
    rollback()
    assert db.session.get_one(Job, job_id).progress == {"phase": "colouring"}
