"""Running the portal: server, worker, migrations, and a look at its health."""

import json
import os
import smtplib
import sys
import tempfile

import click

from app.core import migrations
from app.core.config import Settings
from app.core.db import db
from app.core.jobs import Lane
from app.core.jobs.worker import Worker
from app.core.migration_guard import MigrationRefused
from app.matchmaking.engine import engine
from app.matchmaking.services.healing import subjects_to_encode
from app.pages.enums import Audience, Level
from app.pages.presenters import health_lines, notices
from app.pages.services.health import look
from app.permissions import GRANTS, Everyone
from app.wiring import create_app


def prepare_database(settings: Settings) -> None:
    """Create the data folder and bring the database to the latest migration."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    migrations.upgrade(settings.sqlalchemy_url)


@click.command(help="Met la base de données à jour.")
@click.option("--down-to", default="", help="Revient à cette révision (« base » pour tout défaire).")
@click.option("--losing-rows", is_flag=True, help="Avec --down-to : accepte de perdre les lignes défaites.")
def migrate(down_to: str, losing_rows: bool) -> None:
    settings = Settings()
    try:
        if down_to:
            migrations.downgrade(settings.sqlalchemy_url, down_to, losing_rows=losing_rows)
        else:
            prepare_database(settings)
    except MigrationRefused as error:
        click.echo(error.message, err=True)
        sys.exit(1)
    click.echo("Base de données à jour.")


@click.command(help="Écrit la migration qui mène de la dernière aux modèles, à relire avant de la garder.")
@click.argument("message")
def migration(message: str) -> None:
    with tempfile.TemporaryDirectory() as scratch:  # whatever the database in use holds
        path = migrations.revise(f"sqlite:///{scratch}/scratch.db", message)
    click.echo(f"Relisez {path}" if path else "Les modèles et les migrations disent déjà la même chose.")


@click.command(help="Lance le serveur web.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--workers", default=1, show_default=True)
@click.option("--threads", default=4, show_default=True)
def serve(host: str, workers: int, threads: int) -> None:
    os.execv(sys.executable, server_command(Settings(), host=host, workers=workers, threads=threads))  # noqa: S606 - our own interpreter


def server_command(
    settings: Settings, *, host: str = "127.0.0.1", workers: int = 1, threads: int = 4
) -> list[str]:
    """Gunicorn in threads: one process shares one index in memory between its requests."""
    options = {"bind": f"{host}:{settings.port}", "workers": workers, "threads": threads, "timeout": 120}
    flags = [f"--{name}={value}" for name, value in options.items()]
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "--config=python:app.gunicorn",
        *flags,
        "app.wiring:create_app()",
    ]


@click.command(help="Lance un ouvrier : il fait les travaux de fond et reprend ceux qui ont été interrompus.")
@click.option("--workers", default=1, show_default=True, help="Nombre de longs travaux menés à la fois.")
def worker(workers: int) -> None:
    Worker(create_app(), {Lane.MAIL: 2, Lane.SHORT: 1, Lane.LONG: workers}).work()


@click.command(help="Affiche qui peut quoi.")
@click.option("--json", "as_json", is_flag=True)
def permissions(as_json: bool) -> None:
    table = {
        permission.value: [
            grant.value if isinstance(grant, Everyone) else f"{grant[0].value}:{grant[1].value}"
            for grant in grants
        ]
        for permission, grants in sorted(GRANTS.items())
    }
    if as_json:
        click.echo(json.dumps(table, indent=2))
        return
    for permission, grants in table.items():
        click.echo(f"{permission:40} {', '.join(grants)}")


@click.command(help="Vérifie que tout ce dont le portail dépend répond.")
def doctor() -> None:
    settings = Settings()
    app = create_app(settings)
    with app.app_context():
        failed = False
        checks = {"modèle de langue": _check_encoder, "vecteurs": _check_vectors, "relais": _check_relay}
        for name, check in checks.items():
            try:
                click.echo(f"bon     {name} : {check(settings)}")
            except Exception as error:  # noqa: BLE001 - a doctor reports whatever is wrong and goes on
                failed = True
                click.echo(f"MAUVAIS {name} : {error}")
        found = look(settings)
        for finding, line in zip(found.findings, health_lines(found), strict=True):
            good = finding.level is Level.OK
            failed = failed or not good
            click.echo(f"{'bon    ' if good else 'MAUVAIS'} {line.name} : {line.badge[0]}. {line.said}")
        for notice in notices(found, tuple(Audience)):
            click.echo(f"{notice.lost} {notice.kept}")
        db.session.close()
    sys.exit(1 if failed else 0)


def _check_encoder(_settings: Settings) -> str:
    return f"{engine().encoding.needs(['messagerie']).shape[1]} nombres, {engine().encoder.fingerprint}"


def _check_vectors(_settings: Settings) -> str:
    """Every checksum, where `/sante` only looks at what is known to be damaged."""
    waiting = {subject: len(ids) for subject, ids in subjects_to_encode().items()}
    if any(waiting.values()):
        said = ", ".join(f"{count} {subject.value}" for subject, count in waiting.items())
        raise RuntimeError(f"à encoder : {said} ; l’ouvrier le fait, ou `traitdunion reindex`")
    return "tous présents, sommes de contrôle justes"


def _check_relay(settings: Settings) -> str:
    if not settings.smtp_host:
        return f"aucun : les courriels sont des fichiers dans {settings.data_dir / 'mails'}"
    with smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=5) as relay:
        relay.noop()
    return f"{settings.smtp_host}:{settings.smtp_port} répond"
