"""A worker killed in the middle of its work loses nothing: another does it again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.config import Settings
from app.core.db import db, rollback, unit_of_work
from app.core.jobs import Job, JobState, WorkerBeat, enqueue
from app.outbox.enums import MailState
from app.outbox.models import Mail
from app.outbox.services import send_mail
from tests.smtp import free_port, relay

PATIENCE_S = 90


@contextmanager
def worker(settings: Settings, smtp_port: int) -> Iterator["subprocess.Popen[bytes]"]:
    environment = {
        **os.environ,
        "DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": settings.sqlalchemy_url.replace("+psycopg", ""),
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(smtp_port),
        "JOB_LEASE_S": "2",
        "JOB_HEARTBEAT_S": "0.5",
        "REDIS_URL": "",
    }
    command = [sys.executable, "-m", "app.commands", "worker"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=30)


def wait_for(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)
        rollback()


@pytest.mark.slow
def test_a_killed_worker_loses_no_message_and_sends_none_twice(app: Flask, settings: Settings) -> None:
    with unit_of_work():
        send_mail(to=[f"p{n}@exemple.fr" for n in range(6)], subject="Planning", body="Bonjour.")

    def states() -> list[MailState]:
        return list(db.session.scalars(sa.select(Mail.state)))

    with relay(free_port(), delay_s=0.5) as server:
        with worker(settings, server.port) as first:
            wait_for(lambda: len(server.received) >= 2, "the first worker never sent anything")
            first.send_signal(signal.SIGKILL)
            first.wait()
        with worker(settings, server.port), worker(settings, server.port):
            wait_for(lambda: MailState.WAITING not in states(), "messages still wait")
            wait_for(lambda: states().count(MailState.SENDING) <= 2, "messages still leave")
            wait_for(lambda: len(server.received) >= states().count(MailState.SENT), "a message was lost")
        accepted = [mail.to for mail in server.received]
    rollback()
    assert len(accepted) == len(set(accepted))
    missing = {f"p{n}@exemple.fr" for n in range(6)} - set(accepted)
    query = sa.select(Mail.recipient).where(Mail.state != MailState.SENT)
    assert missing <= set(db.session.scalars(query))  # what was being handed over is said to be unsure


@pytest.mark.slow
def test_a_worker_shows_that_it_lives_and_leaves_its_row_with_it(app: Flask, settings: Settings) -> None:
    with unit_of_work():
        job_id = enqueue("refresh_runs").id

    def state() -> JobState:
        return db.session.get_one(Job, job_id).state

    def alive() -> int:
        return db.session.scalar(sa.select(sa.func.count()).select_from(WorkerBeat)) or 0

    with worker(settings, free_port()):
        wait_for(alive, "the worker never showed that it lives")
        wait_for(lambda: state() is JobState.DONE, "the worker never did its job")
    wait_for(lambda: alive() == 0, "the worker left its row behind")
