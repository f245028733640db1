"""`traitdunion demo`: the whole portal on this machine, or (`--once`) its main job without a server."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import click

from app.commands.catalogue import seed_and_match
from app.commands.operations import prepare_database, server_command
from app.core.config import Settings
from app.core.db import db
from app.core.demo import ACCOUNTS
from app.matchmaking.queries import count_proposals
from app.needs.queries import public_needs
from app.pages.queries import home_figures
from app.seeding.schedule import schedule_demo_event
from app.wiring import create_app

WAIT_S = 60


@click.command(help="Lance la démonstration : base, données, ouvrier et serveur.")
@click.option("--once", is_flag=True, help="Fait le travail principal une fois, sans serveur, puis s’arrête.")
@click.option("--json", "as_json", is_flag=True, help="Avec --once : le résultat en JSON.")
def demo(once: bool, as_json: bool) -> None:
    if once:
        answer = run_once()
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2) if as_json else _readable(answer))
        return
    settings = Settings()
    if _is_taken(settings.port):
        click.echo(
            f"Le port {settings.port} est déjà pris : choisissez-en un autre, par PORT=8001.", err=True
        )
        sys.exit(1)
    prepare_database(settings)
    app = create_app(settings)
    with app.app_context():
        if home_figures()["needs"] == 0:
            click.echo("Chargement des données de démonstration (une à deux minutes)…")
            seed_and_match(app)
            schedule_demo_event()
    _serve_until_stopped(settings)


def run_once() -> dict[str, Any]:
    """Seed, encode, match and schedule in a temporary database; figures and seconds of each step."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        settings = Settings(data_dir=Path(folder), database_url="", redis_url="")
        prepare_database(settings)
        app = create_app(settings)
        with app.app_context():
            seconds = seed_and_match(app)
            figures = home_figures()
            proposals, without = count_proposals()
            event = schedule_demo_event()
            answer = {
                "offers": figures["market"] + figures["free_software"],
                "mutualised": figures["mutualised"],
                "needs": public_needs(size=1).total,
                "proposals": proposals,
                "needs_without_proposal": len(without),
                "event": event,
                "seconds": {**seconds, "schedule": event["seconds"]},
            }
            db.session.close()
            for engine in db.engines.values():
                engine.dispose()
    return answer


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _serve_until_stopped(settings: Settings) -> None:
    environment = {**os.environ, "DEMO_ACCOUNTS": "1"}
    worker = subprocess.Popen([sys.executable, "-m", "app.commands", "worker"], env=environment)
    server = subprocess.Popen(server_command(settings), env=environment)  # noqa: S603 - our own

    stopping = False

    def stop(_signal: int, _frame: object) -> None:
        nonlocal stopping
        stopping = True
        for process in (server, worker):
            process.terminate()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    url = f"http://127.0.0.1:{settings.port}"
    if _answers(f"{url}/sante", server):
        _announce(url, settings)
    while server.poll() is None:
        time.sleep(1)
        if worker.poll() is not None and not stopping:  # what it left is taken over by the next
            worker = subprocess.Popen([sys.executable, "-m", "app.commands", "worker"], env=environment)
    worker.terminate()
    worker.wait()
    sys.exit(0 if server.returncode in (0, -signal.SIGTERM) else 1)


def _answers(url: str, server: "subprocess.Popen[bytes]") -> bool:
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own address
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    return False


def _announce(url: str, settings: Settings) -> None:
    click.echo(f"\nTrait d’union répond sur {url}\n")
    click.echo(f"Comptes de démonstration (mot de passe : {settings.demo_password.get_secret_value()})")
    for role, email in ACCOUNTS:
        click.echo(f"  {role!s:48} {email}")
    click.echo(f"\nCourriels : fichiers dans {settings.data_dir / 'mails'}. Arrêt : Ctrl-C.\n")


def _readable(answer: dict[str, Any]) -> str:
    event = answer["event"]
    lines = (
        f"{answer['offers']} offres, {answer['mutualised']} solutions mutualisées,"
        f" {answer['needs']} besoins publiés.",
        f"{answer['proposals']} propositions ; {answer['needs_without_proposal']} besoins sans proposition.",
        f"{event['meetings']} rencontres placées sur {event['candidates']} possibles :"
        f" {event['status']}, écart {event['gap']:.4%}.",
    )
    return "\n".join(lines)
