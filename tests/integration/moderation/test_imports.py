"""Imports of reference files: SILL, SecNumCloud, CPV; idempotence, encodings, refusals line by line."""

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.queries import actor_of
from app.audit.models import AuditEntry
from app.claims.enums import ClaimStatus, ShownStatus
from app.core.db import db
from app.core.errors import Forbidden, RuleBroken
from app.moderation.enums import ImportKind, Outcome
from app.moderation.services.imports.run import run_import
from app.offers.enums import OfferKind, OfferStatus
from app.offers.models import Offer
from app.permissions import SYSTEM, Role
from app.reference.models import Category, QualifiedService
from tests.factories import make_criterion, make_user
from tests.integration.moderation.files import csv_of, shared_file, sill_of, software

CPV_HEADER = ("code", "niveau", "parent", "libelle_fr", "libelle_en")
REGISTRY_HEADER = ("provider", "service_name", "scope", "status", "qualified_since", "valid_until")


def totals(report: object) -> dict[str, int]:
    counted: dict[Outcome, int] = report.totals  # type: ignore[attr-defined]  # a loosely typed answer
    return {outcome.value: count for outcome, count in counted.items() if count}


@pytest.mark.parametrize(
    ("kind", "parts", "rows", "ignored"),
    [
        (ImportKind.SILL, ("sill", "sill_2022-05.json"), 240, 0),
        (ImportKind.SILL, ("sill", "sill-api_software_2022-03.csv"), 231, 0),
        (ImportKind.SILL, ("sill", "sill_2021_DISIC.csv"), 225, 0),
        (ImportKind.SECNUMCLOUD, ("registry", "secnumcloud.csv"), 21, 0),
        (ImportKind.CPV, ("cpv", "cpv_2008_fr_en.csv"), 734, 8720),
    ],
)
def test_real_file_imported_twice_changes_nothing_the_second_time(
    app: Flask, kind: ImportKind, parts: tuple[str, ...], rows: int, ignored: int
) -> None:
    make_criterion("open_source")
    path = shared_file(*parts)

    first = run_import(SYSTEM, kind, path.read_bytes(), dry_run=False, file_name=path.name)
    second = run_import(SYSTEM, kind, path.read_bytes(), dry_run=False, file_name=path.name)

    assert (totals(first), first.ignored) == ({"created": rows}, ignored)
    assert (totals(second), second.ignored) == ({"unchanged": rows}, ignored)


def test_dry_run_tells_the_same_and_keeps_nothing(app: Flask) -> None:
    make_criterion("open_source")
    data = sill_of(software("1"), software("2", i=""))

    tried = run_import(SYSTEM, ImportKind.SILL, data, dry_run=True)
    kept = db.session.scalar(sa.select(sa.func.count(Offer.id)))
    waiting = db.session.info.get("after_commit", [])
    done = run_import(SYSTEM, ImportKind.SILL, data, dry_run=False)

    assert (kept, waiting) == (0, [])
    assert tried.rows == done.rows
    assert totals(done) == {"created": 1, "refused": 1}
    logged = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "import.run")).one()
    assert logged.details["created"] == 1


def test_import_is_refused_to_whoever_is_not_a_moderator(app: Flask) -> None:
    vendor = actor_of(make_user(Role.VENDOR))

    with pytest.raises(Forbidden):
        run_import(vendor, ImportKind.SILL, sill_of(software()), dry_run=True)


def test_import_by_a_moderator_names_them_in_the_log(app: Flask) -> None:
    make_criterion("open_source")
    moderator = actor_of(make_user(Role.MODERATOR))

    run_import(moderator, ImportKind.SILL, sill_of(software()), dry_run=False)

    actors = set(db.session.scalars(sa.select(AuditEntry.actor_id)))
    assert actors == {moderator.user_id}


def test_sill_software_becomes_a_published_offer_whose_openness_is_verified(app: Flask) -> None:
    make_criterion("open_source")

    run_import(SYSTEM, ImportKind.SILL, sill_of(software("7")), dry_run=False, file_name="sill_2022-05.json")

    offer = db.session.scalars(sa.select(Offer)).one()
    assert (offer.import_key, offer.kind, offer.status) == (
        "sill:7",
        OfferKind.FREE_SOFTWARE,
        OfferStatus.PUBLISHED,
    )
    assert (offer.source, offer.source_on, offer.licence) == (
        "SILL, DINUM, 2022-05",
        date(2022, 5, 1),
        "AGPL-3.0-only",
    )
    [claim] = [item for item in offer.claims if item.issuer]
    assert (claim.attribute_key, claim.issuer, claim.status) == (
        "open_source",
        "SILL, DINUM",
        ClaimStatus.VERIFIED,
    )


def test_sill_software_that_left_the_list_is_attested_until_it_left(app: Flask) -> None:
    make_criterion("open_source")
    data = sill_of(software("1"), software("2", i="MongoDB", y="2018 ; 2019"))

    run_import(SYSTEM, ImportKind.SILL, data, dry_run=False)

    offer = db.session.scalars(sa.select(Offer).where(Offer.name == "MongoDB")).one()
    [claim] = [item for item in offer.claims if item.issuer]
    assert claim.valid_until == date(2019, 12, 31)
    assert claim.status_on(date(2026, 11, 22)) is ShownStatus.EXPIRED


def test_sill_change_updates_the_offer_once(app: Flask) -> None:
    make_criterion("open_source")
    run_import(SYSTEM, ImportKind.SILL, sill_of(software()), dry_run=False)

    report = run_import(SYSTEM, ImportKind.SILL, sill_of(software(f="Serveur de messagerie")), dry_run=False)

    assert totals(report) == {"updated": 1}
    assert db.session.scalars(sa.select(Offer.summary)).all() == ["Serveur de messagerie"]


def test_sill_without_the_criterion_imports_now_and_attests_later(app: Flask) -> None:
    before = run_import(SYSTEM, ImportKind.SILL, sill_of(software()), dry_run=False)
    make_criterion("open_source")
    after = run_import(SYSTEM, ImportKind.SILL, sill_of(software()), dry_run=False)

    assert (totals(before), len(before.notes)) == ({"created": 1}, 1)
    assert (totals(after), after.notes) == ({"updated": 1}, [])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{",
        b"[1]",
        b'[{"id": 1}]',
        b"\x00\x01",
        b"id,i,f,l\n",
        sill_of({"i": "x"}),
        b"[" * 100_000,
    ],
)
def test_wrong_sill_file_is_refused_telling_what_is_expected(app: Flask, data: bytes) -> None:
    with pytest.raises(RuleBroken) as refusal:
        run_import(SYSTEM, ImportKind.SILL, data, dry_run=False)

    assert list(refusal.value.fields) == ["file"]


def test_cpv_keeps_information_technology_and_counts_the_rest(app: Flask) -> None:
    text = csv_of(
        CPV_HEADER,
        ("03000000", "2", "", "Agriculture", "Farming"),
        ("48100000", "3", "48000000", "Logiciels métiers", "Industry software"),
        ("48000000", "2", "", "Logiciels", "Software"),
        ("30200000", "3", "30000000", "Matériel", "Computers"),
    )

    report = run_import(SYSTEM, ImportKind.CPV, text.encode(), dry_run=False)

    assert (totals(report), report.ignored) == ({"created": 3}, 1)
    parents = {row.code: row.parent_code for row in db.session.scalars(sa.select(Category))}
    assert parents == {"48000000": None, "48100000": "48000000", "30200000": None}


def test_secnumcloud_row_that_ends_before_it_begins_is_refused_alone(app: Flask) -> None:
    text = csv_of(
        REGISTRY_HEADER,
        ("Alpha", "Nuage", "IaaS", "qualified", "2026-01-01", "2025-01-01"),
        ("Bêta", "Nuage", "SaaS", "qualified", "2025-01-01", "31/12/2027"),
        ("Gamma", "Nuage", "SaaS", "peut-être", "hier", ""),
        ("Bêta", "Nuage", "SaaS", "qualified", "", ""),
    )

    report = run_import(SYSTEM, ImportKind.SECNUMCLOUD, text.encode(), dry_run=False)

    assert [
        (row.line, row.outcome.value, [column for column, _text in row.reasons]) for row in report.rows
    ] == [
        (2, "refused", ["valid_until"]),
        (3, "created", []),
        (4, "refused", ["qualified_since", "status"]),
        (5, "refused", [""]),
    ]
    rows = db.session.scalars(sa.select(QualifiedService)).all()
    assert [(row.provider, row.valid_until) for row in rows] == [("Bêta", date(2027, 12, 31))]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_every_usual_encoding_and_separator_reads_the_same(app: Flask, encoding: str, separator: str) -> None:
    text = csv_of(REGISTRY_HEADER, ("Bêta", "Café – œuvre", "SaaS", "qualified", "", ""), separator=separator)

    report = run_import(SYSTEM, ImportKind.SECNUMCLOUD, text.encode(encoding), dry_run=False)

    assert totals(report) == {"created": 1}
    assert db.session.scalars(sa.select(QualifiedService.service_name)).one() == "Café – œuvre"


def test_report_tells_each_refusal_then_the_totals(app: Flask) -> None:
    text = csv_of(
        CPV_HEADER, ("48x", "2", "", "Faux", "Wrong"), ("48000000", "2", "", "Logiciels", "Software")
    )

    report = run_import(SYSTEM, ImportKind.CPV, text.encode(), dry_run=True)

    assert list(report.lines()) == [
        "Ligne 2 (48x) : refusée. code : Un code CPV compte huit chiffres, sans la clé.",
        "2 lignes lues : 1 créée, 0 mise à jour, 0 inchangée, 1 refusée.",
        "Essai à blanc : rien n’a été enregistré.",
    ]
    assert report.as_dict()["totals"] == {"created": 1, "updated": 0, "unchanged": 0, "refused": 1}
    assert report.as_dict()["rows"][0]["reasons"][0]["field"] == "code"
