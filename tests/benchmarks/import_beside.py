"""An import of 2,000 offers through the page while five people sign in and two edit needs.

    python -m tests.benchmarks.import_beside [--offers 2000] [--database postgresql://…] [--model slow]

Real server and worker; the import is first tried (nothing but its own rows may change), then confirmed.
Prints one JSON line: sign-ins and edits with their p95, answers that are no success, the load of the machine.
`--model slow` puts a stand-in that only takes time in place of the model, which wants the cores for long."""

import argparse
import json
import os
import re
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from time import monotonic, perf_counter, sleep
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, build_opener

import sqlalchemy as sa
from flask import Flask

from app.accounts.services import open_session, passwords
from app.core import migrations
from app.core.db import db, rollback
from app.core.jobs import Job, JobState
from app.moderation.enums import ImportKind
from app.moderation.exports import sample_csv
from app.moderation.models import ImportRun
from app.offers.models import Offer
from app.permissions import Role
from tests.dumps import rows_of
from tests.factories import PASSWORD, make_need, make_user, make_vendor
from tests.resilience.kills import settings_of
from tests.resilience.processes import Crew, portal
from tests.resilience.things import Stay
from tests.smtp import free_port, relay

PEOPLE, EDITORS = 5, 2
SIGN_IN_EVERY_S, EDIT_EVERY_S = 5.5, 3.0  # sixty sign-ins a minute are allowed from one address
AFTERWARDS_S, LONGEST_S = 20.0, 900.0
OWN_ROWS = {"import_run", "job", "worker_beat"}


@dataclass
class Times:
    """Seconds of each answer, and the statuses that are no success."""

    sign_ins: list[float] = field(default_factory=list)
    edits: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


class Visitor:
    """Somebody at a browser."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.base, self.cookie = f"http://127.0.0.1:{port}", cookie

    def ask(self, path: str, data: bytes | None = None, kind: str = "") -> tuple[int, str, str]:
        """(status, page, where it sends)"""
        headers = {"Cookie": self.cookie} | ({"Content-Type": kind} if kind else {})
        request = Request(self.base + path, data=data, headers=headers)
        try:
            with build_opener(Stay).open(request, timeout=120) as answer:
                return answer.status, answer.read().decode(), ""
        except HTTPError as answer:
            return answer.code, answer.read().decode(), answer.headers.get("Location", "")


def run(offers: int, database_url: str, model: str) -> dict[str, object]:
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name,
        relay(free_port()) as server,
    ):
        settings = settings_of(Path(name), database_url, server.port).model_copy(
            update={"encoder_model": model, "job_lease_s": 30.0, "job_heartbeat_s": 2.0}
        )
        migrations.upgrade(settings.sqlalchemy_url)
        app = portal(settings)
        with app.app_context():
            crew = Crew(settings, names=("worker 1", "server"))
            try:
                return _measured(app, crew, settings.port, offers) | {
                    "database": db.engine.dialect.name,
                    "model": model,
                    "load": [round(one, 1) for one in os.getloadavg()],
                }
            finally:
                crew.stop()
                db.session.close()
                for engine in db.engines.values():
                    engine.dispose()


def _measured(app: Flask, crew: Crew, port: int, offers: int) -> dict[str, object]:
    hashed = passwords.hash_password(PASSWORD)
    emails = [make_user(Role.VENDOR, password_hash=hashed).email for _n in range(PEOPLE)]
    make_vendor(slug="editeur-essais")
    moderator = _cookie(app, open_session(make_user(Role.MODERATOR)))
    needs = []
    for _n in range(EDITORS):
        need = make_need()
        user = make_user(Role.AMBASSADOR, need.organisation)
        needs.append((need.id, need.organisation_id, _cookie(app, open_session(user))))
    db.session.commit()
    crew.start()
    _wait(lambda: _answers(port), "the server never answered")
    _wait(_is_quiet, "what a new worker has to do never ended")
    before = rows_of(db.engine)
    tried = _upload(Visitor(port, moderator), offers)
    _wait(lambda: _is_over(1), "the trial never ended")
    after = rows_of(db.engine)
    changed = sorted(name for name in after if after[name] != before[name] and name not in OWN_ROWS)
    times, ending = Times(), threading.Event()
    for _n in range(3):  # a server that has just started loads what it needs
        Visitor(port).ask("/connexion", urlencode({"email": "x@exemple.fr", "password": "y"}).encode())
        Visitor(port, needs[0][2]).ask(f"/besoins/{needs[0][0]}/modifier")
    threads = [
        threading.Thread(target=_sign_in, args=(port, email, times, ending), daemon=True) for email in emails
    ] + [threading.Thread(target=_edit, args=(port, *need, times, ending), daemon=True) for need in needs]
    for thread in threads:
        thread.start()
    started = monotonic()
    status, _page, _to = Visitor(port, moderator).ask(f"{tried}/importer", b"")
    _wait(lambda: _is_over(2), "the import never ended")
    imported_s = monotonic() - started
    sleep(AFTERWARDS_S)  # its offers are being encoded
    ending.set()
    for thread in threads:
        thread.join(130)
    rollback()
    return {
        "offers": db.session.scalar(sa.select(sa.func.count(Offer.id))),
        "changed by the trial": changed,
        "confirmed": status,
        "import_s": round(imported_s, 1),
        "sign_ins": len(times.sign_ins),
        "sign_in_p95_ms": _p95(times.sign_ins),
        "sign_in_median_ms": _p95(times.sign_ins, 0.5),
        "edits": len(times.edits),
        "edit_p95_ms": _p95(times.edits),
        "wrong": times.wrong,
    }


def _upload(visitor: Visitor, offers: int) -> str:
    """Where the trial is followed."""
    head = sample_csv(ImportKind.OFFERS, criteria=[], attributes=[]).splitlines()[0]
    names = head.lstrip("\ufeff").split(";")
    lines = [head]
    for row in range(offers):
        name = f"Importée {row:05d}"
        told = {
            "reference": name, "organisation": "editeur-essais", "nom": name, "resume": "Messagerie",
            "description": f"Messagerie {name}, hébergée en France pour les ministères.",
            "type": "marché", "langue": "fr", "publier": "oui",
        }  # fmt: skip
        lines.append(";".join(told.get(column, "") for column in names))
    edge = "limite-du-formulaire"
    body = (
        f'--{edge}\r\nContent-Disposition: form-data; name="kind"\r\n\r\noffers\r\n'
        f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="o.csv"\r\n'
        "Content-Type: text/csv\r\n\r\n" + "\n".join(lines) + f"\r\n--{edge}--\r\n"
    )
    kind = f"multipart/form-data; boundary={edge}"
    _status, page, target = visitor.ask("/moderation/referentiels", body.encode(), kind)
    if not target:
        raise RuntimeError(page[:500])
    return target


def _sign_in(port: int, email: str, times: Times, ending: threading.Event) -> None:
    data = urlencode({"email": email, "password": PASSWORD}).encode()
    while not ending.is_set():
        started = perf_counter()
        status, _page, _to = Visitor(port).ask("/connexion", data)
        times.sign_ins.append(perf_counter() - started)
        if status != 302:
            times.wrong.append(f"sign-in {status}")
        ending.wait(SIGN_IN_EVERY_S)


def _edit(
    port: int, need_id: int, organisation_id: int, cookie: str, times: Times, ending: threading.Event
) -> None:
    visitor, number = Visitor(port, cookie), 0
    while not ending.is_set():
        number += 1
        path = f"/besoins/{need_id}/modifier"
        started = perf_counter()
        _status, page, _to = visitor.ask(path)
        hidden = {
            name: unescape(value)
            for name, value in re.findall(r'<input[^>]* name="(\w+)"[^>]* value="([^"]*)"', page)
            if name in ("revision", "original")
        }
        typed = {
            "organisation_id": str(organisation_id),
            "title": f"Messagerie {number}",
            "description": "Nos agents échangent des messages entre services, au bureau comme en mobilité.",
        }
        status, _page, _to = visitor.ask(path, urlencode(typed | hidden).encode())
        times.edits.append(perf_counter() - started)
        if status != 302:
            times.wrong.append(f"edit {status}")
        ending.wait(EDIT_EVERY_S)


def _cookie(app: Flask, token: str) -> str:
    with app.test_request_context():
        signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        return f"session={signer.dumps({'_user_id': token, '_fresh': True})}"


def _answers(port: int) -> bool:
    try:
        return Visitor(port).ask("/connexion")[0] == 200
    except OSError:
        return False


def _is_over(runs: int) -> bool:
    rollback()
    states = list(
        db.session.scalars(sa.select(Job.state).join(ImportRun, ImportRun.job_id == Job.id).order_by(Job.id))
    )
    if JobState.FAILED in states:
        raise RuntimeError("an import failed")
    return len(states) >= runs and states[runs - 1] is JobState.DONE


def _is_quiet() -> bool:
    rollback()
    waits = sa.select(Job.id).where(Job.state.in_((JobState.QUEUED, JobState.RUNNING)))
    workers = db.session.scalar(sa.text("SELECT count(*) FROM worker_beat"))
    return bool(workers) and db.session.scalars(waits).first() is None


def _wait(condition: Callable[[], bool], what: str) -> None:
    until = monotonic() + LONGEST_S
    while monotonic() < until:
        if condition():
            return
        sleep(0.5)
    raise RuntimeError(what)


def _p95(seconds: list[float], share: float = 0.95) -> int:
    ordered = sorted(seconds)
    return round(1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]) if ordered else 0


if __name__ == "__main__":
    reader = argparse.ArgumentParser()
    reader.add_argument("--offers", type=int, default=2000)
    reader.add_argument("--database", default="")
    reader.add_argument("--model", default="bundled")
    asked = reader.parse_args()
    found = run(asked.offers, asked.database, asked.model)
    sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
    sys.exit(1 if found["wrong"] or found["changed by the trial"] else 0)
