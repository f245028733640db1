"""Background jobs of the agenda: solving a schedule while telling how far it is."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flask import Flask, current_app

from app.core.db import rollback, unit_of_work
from app.core.jobs import Job, Lane, handler, heartbeat
from app.core.jobs.running import log
from app.schedules import planner, services
from app.schedules.queries.versions import run_of_job, version_of_run
from app.schedules.reports import Progress, as_json

if TYPE_CHECKING:
    from matching.scheduling import Progress as SolverProgress

SOLVER_ATTEMPTS = 3  # what fails on the same problem thrice fails again


class Pulse:
    """What a solver and the thread that beats for it tell each other."""

    def __init__(self) -> None:
        self.progress = Progress()
        self.stop_asked = threading.Event()
        self.ended = threading.Event()

    def on_progress(self, told: "SolverProgress") -> None:
        self.progress = Progress(told.phase, told.objective, told.bound, told.gap, round(told.elapsed_s, 1))


@handler("schedule", lane=Lane.LONG, attempts=SOLVER_ATTEMPTS, kept=True)
def _solve(job: Job) -> None:
    run = run_of_job(job.id)
    if version_of_run(run.id) is not None or run.report.status:
        return
    job_id, run_id, problem = job.id, run.id, run.problem
    seed, time_limit_s = run.seed, run.time_limit_s
    inputs = services.solver_inputs(run)
    rollback()  # no transaction stays open during the long solve
    with _beating(job_id) as pulse:
        answer = planner.solve(
            problem,
            time_limit_s=time_limit_s,
            seed=seed,
            on_progress=pulse.on_progress,
            should_stop=pulse.stop_asked.is_set,
            options=inputs.options,
            previous=inputs.previous,
            smes=inputs.smes,
        )
    with unit_of_work():
        services.record_schedule(run_id, answer)


@handler("repair", lane=Lane.LONG, attempts=SOLVER_ATTEMPTS, kept=True)
def _repair(job: Job) -> None:
    run = run_of_job(job.id)
    if version_of_run(run.id) is not None:
        return
    job_id, run_id, inputs = job.id, run.id, services.repair_inputs(run)
    rollback()
    with _beating(job_id, phase="repair"):
        answer = inputs.repaired()
    with unit_of_work():
        services.record_schedule(run_id, answer)


@handler("study", lane=Lane.LONG, attempts=SOLVER_ATTEMPTS, kept=True)
def _study(job: Job) -> None:
    job_id, inputs = job.id, services.study_inputs(job.id)
    rollback()
    with _beating(job_id, phase="study") as pulse:
        gains = planner.study(inputs.problem, inputs.schedule, should_stop=pulse.stop_asked.is_set)
    with unit_of_work():
        services.record_study(job_id, gains)


@contextmanager
def _beating(job_id: int, *, phase: str = "") -> Iterator[Pulse]:
    """Keep the job's lease from a thread of its own: a phase of the solver may be silent for long."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # the thread needs the app itself
    pulse = Pulse()
    pulse.progress = Progress(phase)
    _beat(job_id, pulse)  # a cancel asked for before the start stops it at once
    thread = threading.Thread(target=_beat_until_ended, args=(app, job_id, pulse), daemon=True)
    thread.start()
    try:
        yield pulse
    finally:
        pulse.ended.set()
        thread.join()


def _beat(job_id: int, pulse: Pulse) -> None:
    if not heartbeat(job_id, as_json(pulse.progress)):
        pulse.stop_asked.set()


def _beat_until_ended(app: Flask, job_id: int, pulse: Pulse) -> None:
    every_s: float = app.extensions["settings"].job_heartbeat_s
    while not pulse.ended.wait(every_s):
        with app.app_context():
            try:
                _beat(job_id, pulse)
            except Exception:  # noqa: BLE001 - a missed beat (a busy database) must not stop the next ones
                log.exception("heartbeat failed", job_id=job_id)
