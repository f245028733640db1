"""The health page tells what works and what does not, to programs and to people."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.core import clock
from app.core.clock import now
from app.core.jobs import WorkerBeat, enqueue
from app.outbox.enums import MailState
from app.outbox.models import Mail
from app.pages.services.watch import Watch
from app.permissions import Role
from tests.clients import IsolatedClient
from tests.factories import make_user, saved


@pytest.fixture(autouse=True)
def watch(app: Flask) -> Watch:
    """Looks anew each time."""
    found: Watch = app.extensions["watch"]
    found._kept_s = -1.0
    return found


def seen(client: IsolatedClient) -> dict[str, Any]:
    answer = client.get("/sante").json
    assert answer is not None
    return dict(answer)


def test_health_follows_workers_and_mails(client: IsolatedClient) -> None:
    assert seen(client)["status"] == "reduced"  # nobody works yet
    saved(WorkerBeat(name="a"))
    assert seen(client)["status"] == "ok"
    saved(Mail(message_id="<1@t>", recipient="a@exemple.fr", subject="x", state=MailState.FAILED))
    told = seen(client)
    assert (told["status"], told["parts"]["mail"]["failed"]) == ("reduced", 1)
    with clock.fixed_at(now() + timedelta(seconds=31)):
        told = seen(client)["parts"]["worker"]
    assert (told["level"], told["workers"], told["last_beat_s"]) == ("reduced", 0, 31.0)


def test_the_age_of_the_oldest_job_is_told(client: IsolatedClient) -> None:
    saved(WorkerBeat(name="a"))
    saved(enqueue("refresh_runs"))
    with clock.fixed_at(now() + timedelta(seconds=20)):
        assert seen(client)["parts"]["worker"]["oldest_s"] == 20.0


def test_a_full_disk_is_told(client: IsolatedClient, monkeypatch: pytest.MonkeyPatch) -> None:
    saved(WorkerBeat(name="a"))
    for free, level in ((10 * 2**20, "down"), (300 * 2**20, "reduced"), (2**40, "ok")):
        monkeypatch.setattr("shutil.disk_usage", lambda _path, free=free: _Usage(free))
        assert seen(client)["parts"]["disk"]["level"] == level


class _Usage:
    def __init__(self, free: int) -> None:
        self.free = free


def test_people_read_a_page(client: IsolatedClient) -> None:
    page = client.get("/sante", headers={"Accept": "text/html,*/*;q=0.8"})
    assert "<h1>Ce qui marche</h1>" in page.text
    assert "Les travaux de fond sont à l’arrêt" in page.text
    assert "ouvriers : 0" in page.text


def test_a_page_costs_no_look(app: Flask, client: IsolatedClient) -> None:
    """Only what was last seen is shown, to those concerned."""
    vendor = make_user(Role.VENDOR)
    assert "fr-notice" not in client.sign_in(vendor).get("/tableau-de-bord").text
    client.get("/sante")
    assert "Les travaux de fond sont à l’arrêt" in client.get("/tableau-de-bord").text
    assert "fr-notice" not in client.sign_out().get("/offres").text
