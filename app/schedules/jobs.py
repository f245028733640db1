"""Background jobs of the agenda: solving a schedule while telling how far it is."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, current_app

from app.core.db import rollback, unit_of_work
from app.core.jobs import Job, Lane, handler, heartbeat
from app.core.jobs.running import log
from app.schedules import planner, services
from app.schedules.queries.versions import run_of_job, version_of_run

SOLVER_ATTEMPTS = 3  # what fails on the same problem thrice fails again


class Pulse:
    """What a solver and the thread that beats for it tell each other."""

    def __init__(self) -> None:
        self.progress: dict[str, Any] = {}
        self.stop_asked = threading.Event()
        self.ended = threading.Event()

    def on_progress(self, progress: planner.Progress) -> None:
        self.progress = {
            "phase": progress.phase,
            "objective": progress.objective,
            "bound": progress.bound,
            "gap": progress.gap,
            "elapsed_s": round(progress.elapsed_s, 1),
        }


@handler("schedule", lane=Lane.LONG, attempts=SOLVER_ATTEMPTS)
def _solve(job: Job) -> None:
    run = run_of_job(job.id)
    if version_of_run(run.id) is not None or run.report:
        return
    job_id, run_id, problem = job.id, run.id, run.problem
    seed, time_limit_s = run.seed, run.time_limit_s
    inputs = services.solver_inputs(run)
    rollback()  # no transaction stays open during the long solve
    with _beating(job_id) as pulse:
        schedule = planner.solve(
            problem,
            time_limit_s=time_limit_s,
            seed=seed,
            on_progress=pulse.on_progress,
            should_stop=pulse.stop_asked.is_set,
            **inputs,
        )
    with unit_of_work():
        services.record_schedule(run_id, schedule)


@handler("repair", lane=Lane.LONG, attempts=SOLVER_ATTEMPTS)
def _repair(job: Job) -> None:
    run = run_of_job(job.id)
    if version_of_run(run.id) is not None:
        return
    job_id, run_id, inputs = job.id, run.id, services.repair_inputs(run)
    rollback()
    with _beating(job_id, phase="repair"):
        schedule = planner.repair(**inputs)
    with unit_of_work():
        services.record_schedule(run_id, schedule)


@handler("study", lane=Lane.LONG, attempts=SOLVER_ATTEMPTS)
def _study(job: Job) -> None:
    job_id, inputs = job.id, services.study_inputs(job.id)
    rollback()
    with _beating(job_id, phase="study") as pulse:
        gains = planner.study(**inputs, should_stop=pulse.stop_asked.is_set)
    with unit_of_work():
        services.record_study(job_id, gains)


@contextmanager
def _beating(job_id: int, *, phase: str = "") -> Iterator[Pulse]:
    """Keep the job's lease from a thread of its own: a phase of the solver may be silent for long."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # the thread needs the app itself
    pulse = Pulse()
    pulse.progress = {"phase": phase} if phase else {}
    _beat(job_id, pulse)  # a cancel asked for before the start stops it at once
    thread = threading.Thread(target=_beat_until_ended, args=(app, job_id, pulse), daemon=True)
    thread.start()
    try:
        yield pulse
    finally:
        pulse.ended.set()
        thread.join()


def _beat(job_id: int, pulse: Pulse) -> None:
    if not heartbeat(job_id, pulse.progress):
        pulse.stop_asked.set()


def _beat_until_ended(app: Flask, job_id: int, pulse: Pulse) -> None:
    every_s: float = app.extensions["settings"].job_heartbeat_s
    while not pulse.ended.wait(every_s):
        with app.app_context():
            try:
                _beat(job_id, pulse)
            except Exception:  # noqa: BLE001 - a missed beat (a busy database) must not stop the next ones
                log.exception("heartbeat failed", job_id=job_id)
