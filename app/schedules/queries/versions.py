"""Reading solver runs and schedule versions."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.core.jobs import Job, JobState
from app.events.models import Delegation
from app.schedules.enums import VersionState
from app.schedules.models import Meeting, Placement, ScheduleRun, ScheduleStudy, ScheduleVersion

REPAIR = "repair"
"""Kind of the jobs that mend a published schedule."""


def get_run(event_id: int, run_id: int) -> ScheduleRun:
    run = db.session.get(
        ScheduleRun, run_id, options=[joinedload(ScheduleRun.job), joinedload(ScheduleRun.schedule)]
    )
    if run is None or run.event_id != event_id:
        raise NotFound
    return run


def find_run(run_id: int) -> ScheduleRun | None:
    return db.session.get(ScheduleRun, run_id)


def run_of_job(job_id: int) -> ScheduleRun:
    return db.session.scalars(sa.select(ScheduleRun).filter_by(job_id=job_id)).one()


def study_of_job(job_id: int) -> ScheduleStudy:
    query = sa.select(ScheduleStudy).filter_by(job_id=job_id).options(joinedload(ScheduleStudy.run))
    return db.session.scalars(query).one()


def find_active_run(event_id: int) -> ScheduleRun | None:
    """The run of the event that waits or works, if any."""
    query = (
        sa.select(ScheduleRun)
        .join(ScheduleRun.job)
        .where(ScheduleRun.event_id == event_id, Job.state.in_([JobState.QUEUED, JobState.RUNNING]))
        .options(contains_eager(ScheduleRun.job))
        .order_by(ScheduleRun.id.desc())
    )
    return db.session.scalars(query).first()


def find_last_run(event_id: int) -> ScheduleRun | None:
    query = (
        sa.select(ScheduleRun).where(ScheduleRun.event_id == event_id).options(joinedload(ScheduleRun.job))
    )
    return db.session.scalars(query.order_by(ScheduleRun.id.desc()).limit(1)).one_or_none()


def version_of_run(run_id: int) -> ScheduleVersion | None:
    return db.session.scalars(sa.select(ScheduleVersion).filter_by(run_id=run_id)).one_or_none()


def versions_of(event_id: int) -> Sequence[tuple[ScheduleVersion, int]]:
    """Versions, the newest first, each with its run and its number of meetings."""
    meetings = (
        sa.select(sa.func.count(Placement.id))
        .where(Placement.version_id == ScheduleVersion.id)
        .scalar_subquery()
    )
    run = joinedload(ScheduleVersion.run).load_only(ScheduleRun.stored_options)
    query = sa.select(ScheduleVersion, meetings).where(ScheduleVersion.event_id == event_id).options(run)
    rows = db.session.execute(query.order_by(ScheduleVersion.number.desc()))
    return [(version, number) for version, number in rows]


def next_version_number(event_id: int) -> int:
    query = sa.select(sa.func.max(ScheduleVersion.number)).where(ScheduleVersion.event_id == event_id)
    return (db.session.scalar(query) or 0) + 1


def get_version(event_id: int, number: int) -> ScheduleVersion:
    """A version with its run and its meetings, each where it is placed."""
    query = (
        sa.select(ScheduleVersion)
        .where(ScheduleVersion.event_id == event_id, ScheduleVersion.number == number)
        .options(
            joinedload(ScheduleVersion.event),
            joinedload(ScheduleVersion.run).joinedload(ScheduleRun.study).joinedload(ScheduleStudy.job),
            selectinload(ScheduleVersion.placements).joinedload(Placement.meeting),
        )
    )
    version = db.session.scalars(query).one_or_none()
    if version is None:
        raise NotFound
    return version


def find_published(event_id: int) -> ScheduleVersion | None:
    query = sa.select(ScheduleVersion).filter_by(event_id=event_id, state=VersionState.PUBLISHED)
    return db.session.scalars(query).one_or_none()


def published_number(event_id: int) -> int:
    """The number of the published version; 0 while there is none."""
    published = find_published(event_id)
    return 0 if published is None else published.number


def find_published_with_meetings(event_id: int) -> ScheduleVersion | None:
    """The published version, loaded as `get_version` loads one."""
    published = find_published(event_id)
    return None if published is None else get_version(event_id, published.number)


def drafts_of(event_id: int) -> Sequence[ScheduleVersion]:
    query = sa.select(ScheduleVersion).filter_by(event_id=event_id, state=VersionState.DRAFT)
    return db.session.scalars(query.options(selectinload(ScheduleVersion.placements))).all()


def meeting_counts_by_slot(version_id: int) -> dict[int, int]:
    """Slot identifier -> number of meetings held: occupancy without saying who meets whom."""
    query = (
        sa.select(Placement.slot_id, sa.func.count())
        .join(Placement.meeting)
        .where(Placement.version_id == version_id, Meeting.withdrawn_at.is_(None))
    )
    return {row[0]: row[1] for row in db.session.execute(query.group_by(Placement.slot_id))}


def meetings_of_event(event_id: int) -> dict[tuple[int, int], Meeting]:
    """(administration, vendor) -> their meeting, placed or not."""
    query = sa.select(Meeting).filter_by(event_id=event_id)
    return {(found.administration_id, found.vendor_id): found for found in db.session.scalars(query)}


def find_placed(administration_id: int, vendor_id: int) -> Placement | None:
    """Where the published schedule holds the meeting of these two, unless it was withdrawn."""
    query = (
        sa.select(Placement)
        .join(Placement.version)
        .join(Placement.meeting)
        .where(
            ScheduleVersion.state == VersionState.PUBLISHED,
            Placement.administration_id == administration_id,
            Placement.vendor_id == vendor_id,
            Meeting.withdrawn_at.is_(None),
        )
        .options(contains_eager(Placement.version), contains_eager(Placement.meeting))
    )
    return db.session.scalars(query).one_or_none()


def withdrawn_from(version: ScheduleVersion) -> list[Placement]:
    """Meetings to come of the published version that take place no more: the organiser's to replace."""
    return [
        placement
        for placement in version.placements
        if placement.meeting.withdrawn_at is not None and placement.starts_at > now()
    ]


def find_placement(meeting_id: int) -> Placement | None:
    """Where the published schedule holds a meeting, unless it was withdrawn."""
    query = (
        sa.select(Placement)
        .join(Placement.version)
        .join(Placement.meeting)
        .where(
            ScheduleVersion.state == VersionState.PUBLISHED,
            Placement.meeting_id == meeting_id,
            Meeting.withdrawn_at.is_(None),
        )
        .options(contains_eager(Placement.version), contains_eager(Placement.meeting))
    )
    return db.session.scalars(query).one_or_none()


def get_sides(meeting_id: int, delegation_id: int) -> tuple[Delegation, Delegation]:
    """(one delegation, the other one) of a meeting."""
    meeting = db.session.get(Meeting, meeting_id)
    if meeting is None or delegation_id not in (meeting.administration_id, meeting.vendor_id):
        raise NotFound
    sides = meeting.administration, meeting.vendor
    return sides if meeting.administration_id == delegation_id else (sides[1], sides[0])


def has_meetings(delegation_id: int) -> bool:
    """Whether a version, published or not, gives the delegation a meeting."""
    query = sa.select(Placement.id).where(
        sa.or_(Placement.administration_id == delegation_id, Placement.vendor_id == delegation_id)
    )
    return db.session.scalars(query.limit(1)).first() is not None
