"""The portal at size: a page of the catalogue beside the same page of a small catalogue, one changed offer
followed by all needs beside a full match, memory and database.

Synthetic offers, claims and needs; the encoder hashes words (384 numbers, like the real one). Prints one JSON
line. `--offers 10000 --needs 500` by default; the issue's size is `--needs 2000`."""

import argparse
import json
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import Organisation
from app.catalogue.engine import catalogue
from app.claims.enums import ClaimStatus
from app.claims.models import Claim
from app.commands.operations import prepare_database
from app.content.enums import Nature
from app.core.clock import now, today
from app.core.config import Settings
from app.core.db import db, rollback, unit_of_work
from app.matchmaking.engine import engine
from app.matchmaking.services.indexing import note_offer_change, reindex_all
from app.matchmaking.services.proposals import answer_need, keep_if_new, needs_to_match
from app.needs.enums import NeedStatus, RequiredLevel
from app.needs.models import Need, NeedRequirement, NeedVersion
from app.needs.queries import get_need
from app.offers.enums import OfferKind, OfferStatus
from app.offers.models import Offer, OfferVersion
from app.permissions import SYSTEM
from app.reference.queries import categories, criteria
from app.seeding import seed_everything
from app.wiring import create_app
from tests.fakes import HashingEncoder

SMALL = 100
PAGES = (
    "/offres",
    "/offres?page=3",
    "/offres?type=market&critere=open_source",
    "/offres?pays=FR&tri=recent",
    "/offres?categorie=48&verifie=sme&tri=nom",
    "/offres?licence=MIT&licence=EUPL-1.2",
)
ROUNDS = 8


def fill(offers: int, needs: int) -> None:
    """Publish this many more offers and needs, drawn from a fixed seed."""
    draw = random.Random(7)
    known = [row for row in criteria() if row.operator == "is"]
    codes = list(categories(max_level=3))
    vendors = db.session.query(Organisation).filter_by(kind="vendor").all()
    buyers = db.session.query(Organisation).filter_by(kind="administration").all()
    kinds = [OfferKind.MARKET] * 7 + [OfferKind.MUTUALISED] + [OfferKind.FREE_SOFTWARE] * 2
    for number in range(offers):
        kind = kinds[number % len(kinds)]
        owner = None if kind is OfferKind.FREE_SOFTWARE else draw.choice(vendors)
        text = _text(draw, draw.randint(40, 120))
        offer = Offer(
            organisation=draw.choice(buyers) if kind is OfferKind.MUTUALISED else owner,
            kind=kind, status=OfferStatus.PUBLISHED, published_at=now(), version=1,
            name=f"Charge {number:06d}", slug=f"charge-{number:06d}", summary=text[:200], description=text,
            licence=draw.choice([None, None, "MIT", "EUPL-1.2", "AGPL-3.0-only"]),
            categories=[draw.choice(codes)],
        )  # fmt: skip
        db.session.add(offer)
        db.session.flush()
        db.session.add(_first(OfferVersion, offer.id))
        for row in draw.sample(known, 3):
            verified = draw.random() < 0.4
            status = ClaimStatus.VERIFIED if verified else ClaimStatus.DECLARED
            db.session.add(
                Claim(
                    offer_id=offer.id,
                    organisation_id=offer.organisation_id,
                    attribute_key=row.attribute_key,
                    status=status,
                    decided_at=now() if verified else None,
                )
            )
    for number in range(needs):
        need = Need(
            organisation=draw.choice(buyers), status=NeedStatus.PUBLISHED, published_at=now(), version=1,
            title=f"Besoin {number}", slug=f"besoin-charge-{number}", description=_text(draw, 60),
        )  # fmt: skip
        need.requirements = [
            NeedRequirement(criterion_key=row.key, level=RequiredLevel.DECLARED)
            for row in draw.sample(known, draw.randint(0, 2))
        ]
        db.session.add(need)
        db.session.flush()
        db.session.add(_first(NeedVersion, need.id))


def _first(versions: type[OfferVersion | NeedVersion], thing_id: int) -> OfferVersion | NeedVersion:
    return versions(thing_id=thing_id, number=1, content={}, note="", at=now(), nature=Nature.SUBSTANTIVE)


def _text(draw: random.Random, words: int) -> str:
    return " ".join(f"mot{int(draw.paretovariate(0.6)) + 10:d}" for _word in range(words))


@contextmanager
def portal(offers: int, needs: int) -> Iterator[tuple[Flask, Path]]:
    """A seeded portal with these offers and needs, every text encoded."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        settings = Settings(data_dir=Path(folder), database_url="", redis_url="")
        prepare_database(settings)
        app = create_app(settings, encoder=HashingEncoder(384))
        with app.app_context():
            seed_everything()
            with unit_of_work():
                fill(offers, needs)
            reindex_all()
            yield app, Path(folder)
            db.session.close()


def milliseconds(client: FlaskClient, path: str) -> float:
    """Processor time, so that other programs of the machine do not count."""
    started = time.process_time()
    assert client.get(path).status_code == 200
    return (time.process_time() - started) * 1000


def pages(app: Flask) -> list[float]:
    """Server time of each page, once everything is in memory."""
    client = app.test_client()
    for path in PAGES:
        client.get(path)
    return sorted(milliseconds(client, path) for _round in range(ROUNDS) for path in PAGES)


def cpu_s(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def match_all() -> int:
    """Match what must be; answers how many needs were."""
    rollback()
    changed = needs_to_match()
    for need_id in changed:
        answer = answer_need(get_need(SYSTEM, need_id))
        with unit_of_work():
            keep_if_new(answer)
    return len(changed)


def follow_one() -> dict[str, float]:
    """Change one offer, then bring every need up to date."""
    with unit_of_work():
        offer = db.session.query(Offer).filter_by(slug="charge-000007").one()
        offer.description = f"{offer.description} mot11 mot12 mot13"
        note_offer_change(offer.id)
    reindex_all()
    done: list[int] = []
    spent = cpu_s(lambda: done.append(match_all()))
    return {"follow_cpu_s": spent, "needs_matched": done[0]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offers", type=int, default=10_000)
    parser.add_argument("--needs", type=int, default=500)
    asked = parser.parse_args()
    with portal(SMALL, 5) as (app, _folder):
        small = pages(app)
    with portal(asked.offers, asked.needs) as (app, folder):
        first = cpu_s(lambda: catalogue().on(today()))
        large = pages(app)
        index_s = cpu_s(lambda: engine().search("mot11", limit=5))
        full_s = cpu_s(match_all) if asked.needs else 0.0
        followed = follow_one() if asked.needs else {}
        size_mb = sum(path.stat().st_size for path in folder.rglob("*.db*")) / 1e6
    result = {
        "offers": asked.offers,
        "needs": asked.needs,
        "page_median_ms": statistics.median(large),
        "page_p95_ms": large[int(0.95 * len(large))],
        "page_times_small": statistics.median(large) / statistics.median(small),
        "columns_first_cpu_s": first,
        "engine_first_cpu_s": index_s,
        "full_match_cpu_s": full_s,
        **followed,
        "database_mb": size_mb,
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    sys.stdout.write(json.dumps({k: round(v, 3) for k, v in result.items()}) + "\n")


if __name__ == "__main__":
    main()
