"""A worker killed in the middle of a job loses nothing: another finds the job stale and does it again."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from aiosmtpd.controller import Controller
from flask import Flask

from app.core.config import Settings
from app.core.db import db, rollback, unit_of_work
from app.core.jobs import Job, JobState
from app.core.mail import send_mail

PATIENCE_S = 90


class StallingServer:
    """An SMTP server that keeps the first message waiting, so that its sender can be killed."""

    def __init__(self) -> None:
        self.holding, self.release = threading.Event(), threading.Event()
        self.received = 0

    async def handle_DATA(self, *_message: object) -> str:  # noqa: N802 - the name aiosmtpd calls
        if not self.holding.is_set():
            self.holding.set()
            while not self.release.is_set():
                await asyncio.sleep(0.05)
            return "451 try again"
        self.received += 1
        return "250 OK"


@pytest.fixture
def smtp() -> Iterator[tuple[StallingServer, int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    handler = StallingServer()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, port
    handler.release.set()
    controller.stop()


def start_worker(settings: Settings, smtp_port: int) -> "subprocess.Popen[bytes]":
    environment = {
        **os.environ,
        "DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": settings.sqlalchemy_url.replace("+psycopg", ""),
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(smtp_port),
        "JOB_LEASE_S": "2",
        "JOB_HEARTBEAT_S": "0.5",
    }
    command = [sys.executable, "-m", "app.commands", "worker"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def wait_for(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.2)


@pytest.mark.slow
def test_a_killed_worker_loses_nothing(
    app: Flask, settings: Settings, smtp: tuple[StallingServer, int]
) -> None:
    server, port = smtp
    with unit_of_work():
        send_mail(to=["a@exemple.fr"], subject="Planning", body="Bonjour.")
        job_id = db.session.query(Job.id).scalar()
    rollback()

    def state() -> JobState:
        rollback()
        return db.session.get_one(Job, job_id).state

    first = start_worker(settings, port)
    wait_for(server.holding.is_set, "the first worker never sent the message")
    assert state() is JobState.RUNNING
    first.send_signal(signal.SIGKILL)
    first.wait()
    server.release.set()
    second = start_worker(settings, port)
    try:
        wait_for(lambda: state() is JobState.DONE, "the second worker never finished the job")
    finally:
        second.terminate()
        second.wait(timeout=20)
    assert server.received == 1
    assert db.session.get_one(Job, job_id).attempts == 2
