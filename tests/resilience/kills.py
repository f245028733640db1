"""SIGKILL of workers and servers at random moments of importing, indexing, solving, publishing and mailing.

    python -m tests.resilience.kills --kills 60 [--database postgresql://…]

Prints one JSON line: what was promised, what was lost (nothing), what left twice (nothing)."""

import argparse
import json
import random
import sys
import tempfile
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import sqlalchemy as sa
from flask import Flask

from app.core import migrations
from app.core.clock import now
from app.core.config import Settings
from app.core.db import db, rollback, unit_of_work
from app.core.jobs import Job, JobState
from app.matchmaking.services.healing import subjects_to_encode
from app.needs.enums import NeedStatus
from app.needs.models import Need, NeedVersion
from app.offers.enums import OfferStatus
from app.offers.models import Offer, OfferVersion
from app.outbox.enums import MailState
from app.outbox.models import Mail
from app.schedules.enums import VersionState
from app.schedules.models import ScheduleRun, ScheduleVersion
from tests.resilience.processes import SLOW, Crew, portal
from tests.resilience.things import PHASES, ROWS, Promised, Things
from tests.smtp import Relay, free_port, relay

RELAY_THINKS_S = 0.3
QUIET_WITHIN_S = 600.0
LONGEST_S = {"importing": 4.0, "indexing": 2.0, "solving": 2.5, "publishing": 1.5, "mailing": 2.0}
READY_S = 120.0


def settings_of(folder: Path, database_url: str, smtp_port: int) -> Settings:
    return Settings(
        _env_file=None,  # type: ignore[call-arg]  # pydantic-settings' own argument
        data_dir=folder,
        database_url=database_url,
        redis_url="",
        secret_key="kills",  # type: ignore[arg-type]  # pydantic turns it into a SecretStr
        port=free_port(),
        smtp_host="127.0.0.1",
        smtp_port=smtp_port,
        job_lease_s=3.0,
        job_heartbeat_s=0.5,
        encoder_model=SLOW,
    )


def run(kills: int, database_url: str = "", *, seed: int = 0) -> dict[str, Any]:
    """The figures of so many kills; `lost` and `twice` are to be empty."""
    draw, started = random.Random(seed), monotonic()
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name,
        relay(free_port(), delay_s=RELAY_THINKS_S) as server,
    ):
        settings = settings_of(Path(name), database_url, server.port)
        migrations.upgrade(settings.sqlalchemy_url)
        app = portal(settings)
        things = Things(app, settings.port, kills)
        crew = Crew(settings)
        try:
            crew.start()
            _wait_for_workers(app)
            _torment(things, crew, kills, draw)
            things.join()
            with app.app_context():
                quiet = _until_quiet()
                found = _figures(things.promised, server)
        finally:
            crew.stop()
            with app.app_context():
                for engine in db.engines.values():
                    engine.dispose()
    return {
        "kills": crew.kills, "seconds": round(monotonic() - started), "quiet": quiet,
        "database": settings.sqlalchemy_url.partition(":")[0], **found,
    }  # fmt: skip


def _torment(things: Things, crew: Crew, kills: int, draw: random.Random) -> None:
    for number in range(kills):
        phase = PHASES[number % len(PHASES)]
        things.begin(phase)
        sleep(draw.uniform(0.1, LONGEST_S[phase]))
        victims = ["worker 1", "worker 2"]
        crew.kill(draw.choice([*victims, "server", "server"] if phase == "publishing" else victims))


def _wait_for_workers(app: Flask) -> None:
    until = monotonic() + READY_S
    with app.app_context():
        while monotonic() < until:
            rollback()
            if (db.session.scalar(sa.text("SELECT count(*) FROM worker_beat")) or 0) >= 2:
                return
            sleep(0.2)
    raise RuntimeError("no worker started")


def _until_quiet() -> bool:
    """Whether everything that can be done was, in time."""
    until = monotonic() + QUIET_WITHIN_S
    busy_mail = (MailState.WAITING, MailState.SENDING)
    while monotonic() < until:
        rollback()
        jobs = db.session.scalar(
            sa.select(sa.func.count(Job.id)).where(
                Job.state.in_((JobState.QUEUED, JobState.RUNNING)), Job.scheduled_for.is_(None)
            )
        )
        # what a dead worker was handing over is noticed after five minutes: asked for at once here
        with unit_of_work() as session:
            session.execute(
                sa.update(Mail)
                .where(Mail.state == MailState.SENDING, Mail.claimed_at < _ago(30))
                .values(claimed_at=_ago(3600))
            )
        mails = db.session.scalar(sa.select(sa.func.count(Mail.id)).where(Mail.state.in_(busy_mail)))
        rollback()
        if not jobs and not mails:
            return True
        sleep(0.5)
    return False


def _ago(seconds: float) -> datetime:
    return now() - timedelta(seconds=seconds)


def _figures(promised: Promised, server: Relay) -> dict[str, Any]:
    rollback()
    lost: list[str] = []
    names = Counter(db.session.scalars(sa.select(Offer.name).where(Offer.name.startswith("Importée"))))
    for mark in promised.imports:
        whole = [name for name in names if name.startswith(mark)]
        if len(whole) != ROWS:
            lost.append(f"{mark}: {len(whole)} of {ROWS} rows")
    lost += [f"imported twice: {name}" for name, times in names.items() if times > 1]
    lost += _unpublished(promised)
    lost += [f"{count} {subject.value} without vectors" for subject, count in _unencoded().items() if count]
    known = set(db.session.scalars(sa.select(Mail.recipient)))
    lost += [f"no mail to {reader}" for reader in promised.mails - known]
    accepted = Counter(mail.message_id for mail in server.received)
    rows = list(db.session.scalars(sa.select(Mail)))
    sent = [mail for mail in rows if mail.state is MailState.SENT]
    lost += [f"sent, never accepted: {mail.recipient}" for mail in sent if mail.message_id not in accepted]
    unsure = [mail for mail in rows if mail.state is MailState.UNSURE]
    others = Counter(
        mail.state.value for mail in rows if mail.state not in (MailState.SENT, MailState.UNSURE)
    )
    jobs = list(db.session.scalars(sa.select(Job)))
    return {
        "lost": lost,
        "twice": [message for message, times in accepted.items() if times > 1],
        "promised": {
            "imports": len(promised.imports), "offers": len(promised.offers),
            "schedules solved": len(promised.runs), "schedules published": len(promised.schedules),
            "needs": len(promised.needs), "mails": len(promised.mails),
        },
        "unanswered": promised.unanswered,
        "refused": promised.refused,
        "mails": {
            "rows": len(rows), "sent": len(sent), "unsure": len(unsure),
            "unsure that arrived": sum(mail.message_id in accepted for mail in unsure), **others,
        },
        "jobs": {
            "done": sum(job.state is JobState.DONE for job in jobs),
            "taken over": sum(job.attempts > 1 for job in jobs),
            "failed": [f"{job.kind}: {job.error}" for job in jobs if job.state is JobState.FAILED],
        },
    }  # fmt: skip


def _unpublished(promised: Promised) -> list[str]:
    lost = []
    kinds: tuple[tuple[Any, Any, set[int], Any], ...] = (
        (Offer, OfferVersion, promised.offers, OfferStatus.PUBLISHED),
        (Need, NeedVersion, promised.needs, NeedStatus.PUBLISHED),
    )
    for table, rows, ids, status in kinds:
        for one in ids:
            if db.session.get_one(table, one).status is not status:
                lost.append(f"{table.__name__} {one} is not published")
        half = sa.select(table.id).where(
            table.status == status, ~sa.exists().where(rows.thing_id == table.id)
        )
        lost += [f"{table.__name__} {one} is published without a version" for one in db.session.scalars(half)]
    published = ScheduleVersion.state == VersionState.PUBLISHED
    shown = set(db.session.scalars(sa.select(ScheduleVersion.event_id).where(published)))
    lost += [f"schedule of event {one} is not published" for one in promised.schedules - shown]
    told = set(db.session.scalars(sa.select(Mail.event_id).where(Mail.about == "schedule.published")))
    lost += [f"schedule of event {one} was told to nobody" for one in shown - told]
    solved = set(db.session.scalars(sa.select(ScheduleVersion.run_id)))
    solved |= {run.id for run in db.session.scalars(sa.select(ScheduleRun)) if run.report}
    lost += [f"run {one} has no schedule" for one in promised.runs - solved]
    return lost


def _unencoded() -> dict[Any, int]:
    return {subject: len(ids) for subject, ids in subjects_to_encode().items()}


if __name__ == "__main__":
    reader = argparse.ArgumentParser()
    reader.add_argument("--kills", type=int, default=60)
    reader.add_argument("--database", default="")
    reader.add_argument("--seed", type=int, default=0)
    asked = reader.parse_args()
    answer = run(asked.kills, asked.database, seed=asked.seed)
    sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    sys.exit(1 if answer["lost"] or answer["twice"] or not answer["quiet"] else 0)
