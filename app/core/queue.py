"""Wakes workers for committed jobs: huey over a SQLite file, or over Redis when `REDIS_URL` is set.

The queue only carries identifiers; what it loses, the reaper of each worker finds again in our table."""

import threading
from datetime import timedelta
from typing import Any

from flask import Flask
from huey import Huey, RedisHuey, SqliteHuey

from app.core import jobs
from app.core.config import Settings

REAP_EVERY_S = 5.0


def build_queue(settings: Settings) -> Huey:
    if settings.redis_url:
        return RedisHuey("traitdunion", url=settings.redis_url)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return SqliteHuey("traitdunion", filename=str(settings.data_dir / "queue.db"))


def init_app(app: Flask, settings: Settings) -> None:
    """Bind the queue to the app: a committed job sends its identifier to a worker."""
    queue = build_queue(settings)

    @queue.task(name="run_job")  # type: ignore[untyped-decorator]  # huey ships no types
    def run_job(job_id: int) -> None:
        with app.app_context():
            jobs.run(job_id, max_attempts=settings.job_attempts)

    app.extensions["settings"] = settings
    app.extensions["job_queue"] = queue
    app.extensions["run_job"] = run_job
    jobs.set_wake(run_job)


def work(app: Flask, *, workers: int = 1) -> None:
    """Serve jobs until told to stop (SIGTERM or Ctrl-C), reviving those whose worker died."""
    settings: Settings = app.extensions["settings"]
    stopping = threading.Event()
    reaper = threading.Thread(target=_reap_forever, args=(app, settings, stopping), daemon=True)
    reaper.start()
    try:
        consumer: Any = app.extensions["job_queue"].create_consumer(workers=workers, check_worker_health=True)
        consumer.run()
    finally:
        stopping.set()


def reap(app: Flask, settings: Settings) -> None:
    """Hand stale or forgotten jobs to the queue once."""
    lease = timedelta(seconds=settings.job_lease_s)
    with app.app_context():
        for job_id in jobs.requeue_stale(lease=lease, max_attempts=settings.job_attempts):
            app.extensions["run_job"](job_id)


def _reap_forever(app: Flask, settings: Settings, stopping: threading.Event) -> None:
    while not stopping.wait(REAP_EVERY_S):
        try:
            reap(app, settings)
        except Exception:  # noqa: BLE001 - the reaper outlives any passing fault of the database
            jobs.log.exception("reaper failed, will try again")
