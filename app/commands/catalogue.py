"""Filling the portal and asking it: seed, import, reindex, match."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from time import perf_counter
from typing import Any

import click
from flask import Flask

from app.core.db import rollback, unit_of_work
from app.core.errors import DomainError, NotFound
from app.core.jobs import due_jobs
from app.core.jobs import run as run_job
from app.core.savepoints import scratch
from app.matchmaking.engine import MatchRecord, engine
from app.matchmaking.engine.records import ProposedOffer
from app.matchmaking.presenters.kept_out import missing_of
from app.matchmaking.services.indexing import reindex_all
from app.matchmaking.services.proposals import refresh_runs
from app.moderation.enums import ImportKind
from app.moderation.services.imports.run import run_import
from app.needs.enums import RequiredLevel, effective_requirements
from app.needs.models import Need
from app.needs.queries import get_need
from app.offers.enums import OfferKind
from app.offers.models import Offer
from app.offers.queries import published_offers
from app.permissions import SYSTEM
from app.reference.queries import criteria
from app.seeding import seed_everything
from app.seeding.demand import seed_verdicts
from app.wiring import create_app

UNREADABLE = 2


@click.command(help="Charge les données de référence et de démonstration (sans effet si elles y sont déjà).")
def seed() -> None:
    app = create_app()
    with app.app_context():
        seed_and_match(app)


def seed_and_match(app: Flask) -> dict[str, float]:
    """Load the seed data, encode its texts, match its needs; seconds of each step."""
    seconds = {}
    started = perf_counter()
    fresh = seed_everything()
    seconds["seed"] = perf_counter() - started
    started = perf_counter()
    reindex_all()
    seconds["encode"] = perf_counter() - started
    started = perf_counter()
    refresh_runs()
    seconds["match"] = perf_counter() - started
    if fresh:
        with unit_of_work():
            seed_verdicts()
    run_queued_jobs()  # what the services had left for a worker is done, or nearly
    return seconds


def run_queued_jobs() -> None:
    """Do here what the command itself has left to do in the background."""
    for job_id in due_jobs():
        run_job(job_id, max_attempts=1)


@click.command(help="Encode à nouveau ce qui a changé, par exemple après un changement de modèle.")
@click.option("--force", is_flag=True, help="Encode tout à nouveau, même ce qui n’a pas changé.")
def reindex(force: bool) -> None:
    with create_app().app_context():
        encoded = reindex_all(force=force)
        click.echo(f"{encoded['offers']} passages d’offres et {encoded['needs']} besoins encodés.")


@click.command("import", help="Importe un fichier : sill, secnumcloud, cpv, offers, needs, publiccode.")
@click.argument("kind", type=click.Choice([kind.value for kind in ImportKind]))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Montre ce qui changerait, sans rien enregistrer.")
@click.option("--json", "as_json", is_flag=True)
def import_command(kind: str, file: Path, dry_run: bool, as_json: bool) -> None:
    with create_app().app_context():
        try:
            with scratch() if dry_run else unit_of_work():
                report = run_import(
                    SYSTEM, ImportKind(kind), file.read_bytes(), dry_run=dry_run, file_name=file.name
                )
            if not dry_run:
                run_queued_jobs()
        except DomainError as error:
            click.echo(error.message, err=True)
            sys.exit(UNREADABLE)
        if as_json:
            click.echo(json.dumps(report.as_dict(), ensure_ascii=False, indent=2))
        else:
            for line in report.lines():
                click.echo(line)


@click.command("match", help="Propose des offres pour un texte ou un besoin.")
@click.option("--text", default="", help="Le besoin, en quelques mots ou phrases.")
@click.option("--need", "need_id", type=int, help="Identifiant d’un besoin du portail.")
@click.option("--require", "requires", multiple=True, metavar="CRITÈRE[=verified]", help="Critère impératif.")
@click.option(
    "--sensitive", is_flag=True, help="Données sensibles : SecNumCloud vérifié, comme la loi l’exige."
)
@click.option("-k", "limit", default=10, show_default=True, type=click.IntRange(1, 200))
@click.option("--json", "as_json", is_flag=True)
def match_command(
    text: str, need_id: int | None, requires: tuple[str, ...], limit: int, *, sensitive: bool, as_json: bool
) -> None:
    with create_app().app_context():
        try:
            answer = _answer(text, need_id, requires, limit, sensitive=sensitive)
        except DomainError as error:
            click.echo(error.message, err=True)
            sys.exit(UNREADABLE)
        rollback()
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2) if as_json else _readable(answer))


def _answer(
    text: str, need_id: int | None, requires: tuple[str, ...], limit: int, *, sensitive: bool
) -> dict[str, Any]:
    requirements = effective_requirements(_strictest(requires), sensitive_data=sensitive)
    engine().matcher()  # loading the model and the index is not part of the search
    started = perf_counter()
    kinds, state = [kind.value for kind in OfferKind], [OfferKind.MUTUALISED.value]
    if need_id is not None:
        if text:
            raise click.UsageError("--need et --text s’excluent : donnez l’un ou l’autre.")
        need = _need_of(need_id)
        record = engine().match_with(need, requirements, limit, kinds)
        shared = engine().match_with(need, requirements, limit, state)
    else:
        record = engine().match_text(text, requirements, limit, kinds)
        shared = engine().match_text(text, requirements, limit, state)
    elapsed_ms = (perf_counter() - started) * 1000
    listed = [*record.proposed, *record.kept_out, *shared.proposed, *shared.kept_out]
    offers = {offer.id: offer for offer in published_offers([item.offer_id for item in listed])}
    return {
        "matches": [_row(offers[item.offer_id], item) for item in record.proposed],
        "step_1": _step_1(offers, shared),
        "kept_out": [_kept_out(offers[item.offer_id], item) for item in record.kept_out if item.fits],
        "near_misses": record.near_misses,
        "exclusions": record.exclusions,
        "fit": record.fit,
        **record.reading,
        "timings_ms": record.timings_ms,
        "elapsed_ms": elapsed_ms,
    }


def _step_1(offers: dict[int, Offer], shared: MatchRecord) -> list[dict[str, Any]]:
    """The State's solutions of the need's function, by fit whatever the criteria: what each is missing."""
    rows = [{**_row(offers[one.offer_id], one), "missing": []} for one in shared.proposed if one.fits]
    rows += [_kept_out(offers[one.offer_id], one) for one in shared.kept_out if one.fits]
    return sorted(rows, key=lambda row: -row["score"])


def _kept_out(offer: Offer, item: ProposedOffer) -> dict[str, Any]:
    known = {criterion.key: criterion for criterion in criteria()}
    missing = missing_of(item.explanation["outcomes"], offer, known)
    return {**_row(offer, item), "missing": [asdict(one) for one in missing]}


def _strictest(items: tuple[str, ...]) -> dict[str, RequiredLevel]:
    """Each criterion once: of two levels, the stricter holds."""
    asked: dict[str, RequiredLevel] = {}
    for key, level in map(_requirement, items):
        asked[key] = RequiredLevel.VERIFIED if RequiredLevel.VERIFIED in (level, asked.get(key)) else level
    return asked


def _need_of(need_id: int) -> Need:
    try:
        return get_need(SYSTEM, need_id)
    except NotFound as error:
        raise NotFound(f"Besoin introuvable : {need_id}") from error


def _requirement(item: str) -> tuple[str, RequiredLevel]:
    key, _equals, level = item.partition("=")
    try:
        return key, RequiredLevel(level or "declared")
    except ValueError as error:
        raise click.BadParameter(f"niveau inconnu : {level} (declared ou verified)") from error


def _row(offer: Offer, item: ProposedOffer) -> dict[str, Any]:
    return {
        "id": offer.id,
        "name": offer.name,
        "kind": offer.kind.value,
        "organisation": offer.organisation.name if offer.organisation else None,
        "summary": offer.summary,
        "score": item.score,
        "fit": item.explanation["fit"],
        "explanation": item.explanation,
    }


def _readable(answer: dict[str, Any]) -> str:
    rows = [
        f"{position:3}. {row['score']:6.3f}  {row['name']} "
        f"({row['organisation'] or row['kind']}) : {row['summary']}"
        for position, row in enumerate(answer["matches"], start=1)
    ]
    rows += [
        f"   *  {row['name']} ({row['organisation'] or row['kind']}), à étudier d’abord ; il manque : "
        + ", ".join(missing["criterion"] for missing in row["missing"])
        for row in answer["step_1"]
        if row["missing"]
    ]
    counts = answer["exclusions"]
    return "\n".join([*rows, f"{counts['eligible']} offres éligibles sur {counts['total']}."])
