"""The portal under load: gunicorn, an open loop of requests, the mix of a working day.

Requests leave at their time whether or not earlier ones are answered, and a response time counts from then.
Prints one JSON line per kind of page and one for all: how many, errors, median and 95th percentile in
milliseconds, and the server's processor time for each request, which other programs leave alone.
`--folder` keeps the portal between runs, `--database` names a PostgreSQL database, `--worker` has a worker
match the needs meanwhile."""

import argparse
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from app.accounts.models import Organisation
from app.commands.operations import prepare_database
from app.core.config import Settings
from app.core.db import db, unit_of_work
from app.core.jobs import Lane, enqueue
from app.matchmaking.services.indexing import reindex_all
from app.needs.models import Need
from app.seeding import seed_everything
from tests.benchmarks.load_server import application
from tests.benchmarks.portal_load import PAGES, fill

BUYER = "ambassade.interieur@demo.traitdunion.example"
CLIENTS = 48
MIX = {"catalogue": 40, "offer": 20, "need": 20, "agenda": 10, "form": 10}
TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Answered:
    kind: str
    status: int
    ms: float


class Visitors:
    """Connections kept by thread, with the session of one ambassador."""

    def __init__(self, port: int) -> None:
        self._port, self._local, self.cookie = port, threading.local(), ""

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        connection: HTTPConnection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = HTTPConnection("127.0.0.1", self._port, timeout=60)
        headers = {"Cookie": self.cookie} if self.cookie else {}
        body = None if form is None else urlencode(form)
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request("GET" if body is None else "POST", path, body, headers)
            response = connection.getresponse()
            text = response.read().decode()
        except OSError:
            connection.close()
            self._local.connection = None
            return 0, ""
        if response.will_close:
            self._local.connection = None
        for name, value in response.getheaders():
            if name == "Set-Cookie" and value.startswith("session="):
                self.cookie = value.split(";")[0]
        return response.status, text

    def sign_in(self, password: str) -> None:
        _status, page = self.ask("/connexion")
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        fields = {"email": BUYER, "password": password, "csrf_token": token[1] if token else ""}
        status, _page = self.ask("/connexion", fields)
        assert status == 302, status


def addresses(needs: list[int], offers: int, count: int) -> list[tuple[str, str]]:
    """Kind and path of each request, drawn from a fixed seed."""
    draw = random.Random(11)
    found = []
    for kind in draw.choices(list(MIX), list(MIX.values()), k=count):
        need = draw.choice(needs)
        path = {
            "catalogue": draw.choice(
                [*PAGES, f"/offres?q=mot{draw.randint(11, 300)}+mot{draw.randint(11, 90)}"]
            ),
            "offer": f"/offres/charge-{draw.randrange(offers):06d}",
            "need": f"/besoins/{need}" + draw.choice(["", "/propositions"]),
            "agenda": "/mon-agenda",
            "form": draw.choice(["/besoins/nouveau", "/connexion"]),
        }[kind]
        found.append((kind, path))
    return found


def load(visitors: Visitors, asked: list[tuple[str, str]], rate: float) -> list[Answered]:
    """Send them at this rate."""
    started = time.monotonic()

    def one(number: int) -> Answered:
        kind, path = asked[number]
        status, _text = visitors.ask(path)
        return Answered(kind, status, (time.monotonic() - started - number / rate) * 1000)

    with ThreadPoolExecutor(CLIENTS) as pool:
        waiting = []
        for number in range(len(asked)):
            time.sleep(max(0.0, started + number / rate - time.monotonic()))
            waiting.append(pool.submit(one, number))
        return [done.result() for done in waiting]


def prepared(settings: Settings, offers: int, needs: int) -> list[int]:
    """A portal of this size, made where there is none; answers needs of the ambassador."""
    prepare_database(settings)
    app = application()
    with app.app_context():
        if db.session.query(Need).filter(Need.slug.like("besoin-charge-%")).count() < needs:
            seed_everything()
            with unit_of_work():
                fill(offers, needs)
            reindex_all()
        owner = db.session.query(Organisation.id).filter(Organisation.name.like("%Intérieur%")).scalar()
        rows = db.session.query(Need.id).filter_by(organisation_id=owner, status="published").limit(100)
        found = [row.id for row in rows]
        db.session.close()
    return found


def work_for_the_worker() -> None:
    with application().app_context(), unit_of_work():
        enqueue("refresh_runs", Lane.LONG)


def cpu_s(root: int) -> float:
    """Processor time of a process and of its children."""
    listed = Path(f"/proc/{root}/task/{root}/children").read_text(encoding="utf-8").split()
    total = 0.0
    for process in [root, *map(int, listed)]:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
        total += (int(fields[11]) + int(fields[12])) / TICK
    return total


@contextmanager
def running(*command: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-m", *command])
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def told(name: str, answers: list[Answered]) -> dict[str, object]:
    times = sorted(one.ms for one in answers)
    return {
        "page": name,
        "requests": len(times),
        "errors": sum(one.status != 200 for one in answers),
        "median_ms": round(times[len(times) // 2], 1),
        "p95_ms": round(times[int(0.95 * len(times))], 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offers", type=int, default=10_000)
    parser.add_argument("--needs", type=int, default=2_000)
    parser.add_argument("--rate", type=float, default=50.0)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--port", type=int, default=8197)
    parser.add_argument("--folder", default="")
    parser.add_argument("--database", default="")
    parser.add_argument("--worker", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        os.environ |= {"DATA_DIR": asked.folder or scratch, "DATABASE_URL": asked.database, "REDIS_URL": ""}
        os.environ["PORT"] = str(asked.port)
        settings = Settings()
        needs = prepared(settings, asked.offers, asked.needs)
        measured(asked, settings, needs)


def measured(asked: argparse.Namespace, settings: Settings, needs: list[int]) -> None:
    flags = [f"--bind=127.0.0.1:{asked.port}", f"--workers={asked.processes}", "--threads=4", "--timeout=120"]
    served = [
        "gunicorn",
        "--config=python:app.gunicorn",
        *flags,
        "tests.benchmarks.load_server:application()",
    ]
    visitors = Visitors(asked.port)
    with running(*served) as server:
        while visitors.ask("/connexion")[0] != 200:
            time.sleep(0.5)
        visitors.sign_in(settings.demo_password.get_secret_value())
        for _warm in range(3 * asked.processes):
            load(visitors, [(name, path) for name, path in addresses(needs, asked.offers, 30)], 10.0)
        if asked.worker:
            work_for_the_worker()
        with running("tests.benchmarks.load_server", "worker" if asked.worker else "nothing"):
            before = cpu_s(server.pid)
            answers = load(
                visitors, addresses(needs, asked.offers, int(asked.rate * asked.seconds)), asked.rate
            )
            spent = cpu_s(server.pid) - before
    for kind in MIX:
        row = told(kind, [one for one in answers if one.kind == kind])
        sys.stdout.write(json.dumps(row) + "\n")
    whole = told("all", answers) | {
        "server_cpu_ms": round(1000 * spent / len(answers), 1),
        "cores_used": round(spent / asked.seconds, 2),
        "machine_load": round(os.getloadavg()[0], 1),
        "largest_process_mb": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024),
    }
    sys.stdout.write(json.dumps(whole) + "\n")


if __name__ == "__main__":
    main()
