"""A worker: threads for each lane that do what is due, and one that beats for them.

It looks into our own table, so there is no queue to lose: what has committed is found within `POLL_S`."""

import os
import secrets
import signal
import socket
import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial

import sqlalchemy as sa
from flask import Flask

from app.core.clock import now
from app.core.config import Settings
from app.core.db import unit_of_work
from app.core.jobs.enqueuing import enqueue_due
from app.core.jobs.handlers import steps_of
from app.core.jobs.models import Lane, WorkerBeat
from app.core.jobs.running import due_jobs, keep_leases, log, requeue_stale, run

POLL_S = 0.25
AFTER_FAULT_S = 3.0
LAST_WORDS_S = 10.0
FORGOTTEN_AFTER = timedelta(days=1)


class Worker:
    """One process that does jobs until it is told to stop."""

    def __init__(self, app: Flask, threads: Mapping[Lane, int]) -> None:
        self.app, self.threads = app, threads
        self.settings: Settings = app.extensions["settings"]
        self.name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"[-120:]
        self.stopping = threading.Event()
        self.running: set[int] = set()

    def work(self) -> None:
        """Serve until SIGTERM or Ctrl-C; a job under way then has a moment to end, else another worker does
        it again once its lease is over."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_given: self.stopping.set())
        lanes = [
            threading.Thread(target=self._forever, args=(partial(self._next, lane), POLL_S), daemon=True)
            for lane, count in self.threads.items()
            for _number in range(count)
        ]
        beat = threading.Thread(
            target=self._forever, args=(self._beat, self.settings.job_heartbeat_s), daemon=True
        )
        for thread in (beat, *lanes):
            thread.start()
        self.stopping.wait()
        for thread in lanes:
            thread.join(LAST_WORDS_S)
        with self.app.app_context(), unit_of_work() as session:
            session.execute(sa.delete(WorkerBeat).where(WorkerBeat.name == self.name))

    def _forever(self, step: Callable[[], bool], pause_s: float) -> None:
        while not self.stopping.is_set():
            wait_s = 0.0
            try:
                with self.app.app_context():
                    if not step():
                        wait_s = pause_s
            except Exception:  # noqa: BLE001 - a worker outlives any passing fault of the database
                log.exception("worker will try again")
                wait_s = AFTER_FAULT_S
            self.stopping.wait(wait_s)

    def _next(self, lane: Lane) -> bool:
        """Do the oldest due job of a lane and a piece of its other work; whether there was any."""
        waiting = due_jobs(lane, limit=1)
        for job_id in waiting:
            self.running.add(job_id)
            try:
                run(job_id)
            finally:
                self.running.discard(job_id)
        done = [step() for step in steps_of(lane)]  # each of them, whatever the first answers
        return any(done) or bool(waiting)

    def _beat(self) -> bool:
        """Say that this worker lives and does its jobs; take over what others left; write what is due."""
        with unit_of_work() as session:
            session.merge(WorkerBeat(name=self.name, seen_at=now()))
            session.execute(sa.delete(WorkerBeat).where(WorkerBeat.seen_at < now() - FORGOTTEN_AFTER))
        if self.running:
            keep_leases(set(self.running))
        requeue_stale(lease=timedelta(seconds=self.settings.job_lease_s))
        enqueue_due()
        return False
