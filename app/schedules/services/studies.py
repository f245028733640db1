"""Studies: what one more table, slot or hour would bring to a schedule, computed on request."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.audit.services import record
from app.core.db import db, flush_for_id
from app.core.errors import InvalidTransition
from app.core.i18n import gettext as _
from app.core.jobs import enqueue
from app.permissions import Actor, Permission, require
from app.schedules import planner
from app.schedules.models import ScheduleStudy, ScheduleVersion
from app.schedules.queries.versions import study_of_job
from app.schedules.reports import Gain, as_json
from app.schedules.services.planning import schedule_of


def start_study(actor: Actor, version: ScheduleVersion) -> ScheduleStudy:
    """Measure in the background what each change would bring; one study for each run, its answer is kept."""
    require(actor, Permission.EVENT_MANAGE, on=version.event)
    run = version.computed_by
    if run is None:
        raise InvalidTransition(_("Cette version ne vient pas d’un calcul : rien à mesurer."))
    if run.study is not None and (run.study.job.is_active or run.study.gains is not None):
        return run.study
    job = enqueue("study", event_id=version.event_id)
    if run.study is None:
        run.study = ScheduleStudy(job=job)
    else:
        run.study.job = job
    db.session.add(run.study)
    flush_for_id()
    record(actor, "schedule.study_started", run, event_id=version.event_id)
    return run.study


@dataclass(frozen=True, slots=True)
class StudyInputs:
    """What a study is given, in the interchange format."""

    problem: planner.Problem
    schedule: dict[str, Any]


def study_inputs(job_id: int) -> StudyInputs:
    run = study_of_job(job_id).run
    if run.schedule is None:
        raise InvalidTransition(_("Cette version a été abandonnée."))
    return StudyInputs(run.problem, schedule_of(run.schedule, run.problem, run.slots))


def record_study(job_id: int, gains: Sequence[Gain]) -> None:
    study_of_job(job_id).stored_gains = as_json(gains)
