"""A look at each part the portal depends on. A part that does not answer never hides the others."""

import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import redis
import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from app.core.clock import now
from app.core.config import Settings
from app.core.db import db, rollback, unit_of_work
from app.core.db_faults import last_full
from app.core.jobs import enqueue_once, is_under_way
from app.core.jobs.health import work_health
from app.core.jobs.probing import can_write_jobs
from app.matchmaking.engine import engine
from app.matchmaking.enums import PassageOf
from app.matchmaking.queries import read_passages
from app.matchmaking.queries.vectors import count_unread_offers
from app.outbox.queries import mail_health
from app.pages.enums import Level, Part

Fact = str | int | float | None
LOW_BYTES, FULL_BYTES = 500 * 2**20, 50 * 2**20
UNREAD_AFTER = timedelta(minutes=2)
MAIL_LATE_AFTER = timedelta(minutes=5)
STILL_FULL = timedelta(minutes=1)
REDIS_TIMEOUT_S = 1.0


@dataclass(frozen=True, slots=True)
class Finding:
    """How one part does, and the figures that say so."""

    part: Part
    level: Level
    facts: Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class Health:
    findings: tuple[Finding, ...]

    @property
    def level(self) -> Level:
        """Down without its database; reduced when any part is."""
        if self.of(Part.DATABASE).level is Level.DOWN:
            return Level.DOWN
        return Level.OK if all(found.level is Level.OK for found in self.findings) else Level.REDUCED

    def of(self, part: Part) -> Finding:
        return next(found for found in self.findings if found.part is part)


Found = tuple[Level, dict[str, Fact]]


def look(settings: Settings) -> Health:
    """Ask each part; some seconds at most, with no transaction left open."""
    probes: dict[Part, Callable[[Settings], Found]] = {
        Part.DATABASE: _database,
        Part.QUEUE: _queue,
        Part.LIMITS: _limits,
        Part.WORKER: _worker,
        Part.ENCODER: _encoder,
        Part.VECTORS: _vectors,
        Part.MAIL: _mail,
        Part.DISK: _disk,
    }
    return Health(tuple(Finding(part, *_asked(probe, settings)) for part, probe in probes.items()))


def _asked(probe: Callable[[Settings], Found], settings: Settings) -> Found:
    try:
        return probe(settings)
    except (SQLAlchemyError, OSError) as error:
        return Level.DOWN, {"why": type(error).__name__}
    finally:
        try:
            rollback()
        except SQLAlchemyError:  # nothing to take back where the database does not answer
            db.session.close()


def _database(_settings: Settings) -> Found:
    db.session.execute(sa.select(1))
    return Level.OK, {"kind": db.engine.dialect.name}


def _queue(_settings: Settings) -> Found:
    return (Level.OK if can_write_jobs() else Level.DOWN), {}


def _limits(settings: Settings) -> Found:
    """Without a Redis named, each process counts for itself by choice."""
    if not settings.redis_url:
        return Level.OK, {"kind": "memory"}
    wait = {"socket_connect_timeout": REDIS_TIMEOUT_S, "socket_timeout": REDIS_TIMEOUT_S}
    client = redis.Redis.from_url(settings.redis_url, **wait)
    try:
        client.ping()
    except redis.RedisError as error:
        return Level.REDUCED, {"kind": "redis", "why": type(error).__name__}
    finally:
        client.close()
    return Level.OK, {"kind": "redis"}


def _worker(_settings: Settings) -> Found:
    work = work_health()
    oldest_s = (now() - work.oldest_due_at).total_seconds() if work.oldest_due_at else None
    facts: dict[str, Fact] = {
        "workers": work.workers,
        "waiting": work.waiting,
        "failed_today": work.failed,
        "oldest_s": oldest_s,
        "last_beat_s": work.last_beat_s,
    }
    return (Level.REDUCED if not work.workers or work.is_stuck else Level.OK), facts


def _encoder(_settings: Settings) -> Found:
    encoding = engine().encoding
    if encoding.trouble:
        return Level.REDUCED, {"why": encoding.trouble}
    return Level.OK, {"loaded": int(encoding.is_loaded)}


def _vectors(_settings: Settings) -> Found:
    """Those found damaged are looked at again, and asked to be made anew."""
    current = engine()
    if current.damaged and current.encoding.is_loaded:
        fingerprint = current.encoder.fingerprint
        current.damaged = read_passages(PassageOf.OFFER, current.damaged, fingerprint)[1]
    if current.damaged and not (is_under_way("heal_vectors") or is_under_way("index_offers")):
        with unit_of_work():
            enqueue_once("heal_vectors")
    unread = count_unread_offers(before=now() - UNREAD_AFTER)
    facts: dict[str, Fact] = {"damaged": len(current.damaged), "missing": unread}
    return (Level.REDUCED if current.damaged or unread else Level.OK), facts


def _mail(_settings: Settings) -> Found:
    mail = mail_health()
    waited_s = (now() - mail.oldest_at).total_seconds() if mail.oldest_at else None
    facts: dict[str, Fact] = {
        "waiting": mail.waiting,
        "late": mail.late,
        "failed": mail.failed,
        "unsure": mail.unsure,
        "oldest_s": waited_s,
    }
    is_late = mail.late or (waited_s or 0) > MAIL_LATE_AFTER.total_seconds()
    return (Level.REDUCED if is_late or mail.failed or mail.unsure else Level.OK), facts


def _disk(settings: Settings) -> Found:
    free = min(shutil.disk_usage(place).free for place in (_known(settings), tempfile.gettempdir()))
    facts: dict[str, Fact] = {"free_mb": free // 2**20}
    met = last_full()
    if free < FULL_BYTES or (met is not None and now() - met < STILL_FULL):
        return Level.DOWN, facts
    return (Level.REDUCED if free < LOW_BYTES else Level.OK), facts


def _known(settings: Settings) -> str:
    return str(settings.data_dir if settings.data_dir.exists() else settings.data_dir.parent)
