"""Two processes, one database: how long from publishing an offer in one to finding it in the other?

Prints the median and the 95th percentile, in milliseconds, of 50 trials; the target is 1,000 ms."""

import json
import multiprocessing
import statistics
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path

from app.accounts.models import Organisation
from app.commands.operations import prepare_database
from app.core import jobs
from app.core.config import Settings
from app.core.db import db, rollback, unit_of_work
from app.matchmaking.engine import engine
from app.offers.services import create_offer, publish_offer
from app.permissions import SYSTEM
from app.seeding import seed_everything
from app.wiring import create_app

TRIALS = 50
TIMEOUT_S = 10.0


def search_until_found(settings: Settings, pipe: Connection) -> None:
    """The other process: for each word received, search until the offer appears, then tell when."""
    with create_app(settings).app_context():
        engine().search("messagerie", limit=1)
        pipe.send("ready")
        while word := pipe.recv():
            deadline, expected = time.monotonic() + TIMEOUT_S, None
            while time.monotonic() < deadline:
                rollback()
                names = [offer_id for offer_id, _score in engine().search(word, limit=3)]
                if expected is None and pipe.poll():
                    expected = pipe.recv()
                if expected in names:
                    break
            pipe.send(time.monotonic())


def measure(settings: Settings) -> list[float]:
    """Milliseconds from the start of publishing here to the first search there that shows the offer."""
    here, there = multiprocessing.Pipe()
    context = multiprocessing.get_context("spawn")
    other = context.Process(target=search_until_found, args=(settings, there), daemon=True)
    other.start()
    here.recv()
    spans = []
    for trial in range(TRIALS):
        word = f"Zymurgie{trial:03}"
        here.send(word)
        started = time.monotonic()
        with unit_of_work() as session:
            vendor = session.query(Organisation).filter_by(slug="armorique-messages-demo").one()
            text = f"{word} : tenue de registres pour brasseries publiques, avec suivi des cuves et des lots."
            offer = create_offer(SYSTEM, organisation=vendor, name=word, summary=text, description=text)
            publish_offer(SYSTEM, offer)
            offer_id = offer.id
        here.send(offer_id)
        spans.append((here.recv() - started) * 1000)
    here.send("")
    return spans


def main() -> None:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        settings = Settings(data_dir=Path(folder), database_url="", redis_url="")
        prepare_database(settings)
        app = create_app(settings)
        with app.app_context():
            seed_everything()
            for job_id in jobs.due_jobs():
                jobs.run(job_id, max_attempts=1)
            spans = sorted(measure(settings))
            db.session.close()
    result = {"trials": TRIALS, "median_ms": statistics.median(spans), "p95_ms": spans[int(0.95 * TRIALS)]}
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
