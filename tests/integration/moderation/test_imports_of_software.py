"""Free software lists of today: Catalogi's form of the SILL, and `publiccode.yml` files of varied shape."""

import json
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from app.claims.enums import ClaimStatus
from app.core.clock import today
from app.core.db import db
from app.core.errors import RuleBroken
from app.moderation.enums import ImportKind, Outcome
from app.moderation.services.imports.report import ImportReport
from app.moderation.services.imports.run import run_import
from app.offers.enums import OfferStatus
from app.offers.models import Offer
from app.permissions import SYSTEM
from tests.factories import make_criterion


def catalogi(**values: object) -> dict[str, object]:
    base: dict[str, object] = {
        "id": 12,
        "name": "Carnet",
        "description": {"fr": "Prise de notes partagée"},
        "license": "GPLv3",
        "url": "https://carnet.example/",
        "updateTime": "2026-09-05T12:31:21.708Z",
        "isLibreSoftware": True,
    }
    return {**base, **values}


def imported(kind: ImportKind, data: bytes) -> ImportReport:
    return run_import(SYSTEM, kind, data, dry_run=False, file_name="x")


def sill(*items: dict[str, object]) -> ImportReport:
    return imported(ImportKind.SILL, json.dumps(items).encode())


def only_offer() -> Offer:
    return db.session.scalars(sa.select(Offer)).one()


def test_catalogi_entry_is_an_offer_with_its_date_and_licence(app: Flask) -> None:
    make_criterion("open_source")

    assert [row.outcome for row in sill(catalogi()).rows] == [Outcome.CREATED]

    offer = only_offer()
    assert (offer.licence, offer.source_on, offer.website) == (
        "GPL-3.0-only",
        date(2026, 9, 5),
        "https://carnet.example/",
    )
    assert [claim.status for claim in offer.claims if claim.issuer] == [ClaimStatus.VERIFIED]


@pytest.mark.parametrize("values", [{"license": "GNU"}, {"license": ""}, {"isLibreSoftware": False}])
def test_being_listed_proves_nothing_without_a_free_licence(app: Flask, values: dict[str, object]) -> None:
    make_criterion("open_source")

    sill(catalogi(**values))

    assert [claim for claim in only_offer().claims if claim.status is ClaimStatus.VERIFIED] == []


def test_dereferencing_withdraws_and_a_return_publishes_again(app: Flask) -> None:
    make_criterion("open_source")
    sill(catalogi())
    gone = catalogi(dereferencing={"reason": "code source indisponible", "time": "2026-10-01T00:00:00Z"})

    first, second = sill(gone), sill(gone)

    assert [report.rows[0].outcome for report in (first, second)] == [Outcome.UPDATED, Outcome.UNCHANGED]
    assert only_offer().status is OfferStatus.WITHDRAWN
    sill(catalogi())
    assert only_offer().status is OfferStatus.PUBLISHED


def test_what_was_never_here_is_not_created_only_to_be_withdrawn(app: Flask) -> None:
    report = sill(catalogi(dereferencing={"time": "2026-10-01T00:00:00Z"}))

    assert [row.outcome for row in report.rows] == [Outcome.UNCHANGED]
    assert db.session.scalars(sa.select(Offer)).all() == []


HEAD = "publiccodeYmlVersion: 0.4\n"
TOLD = "description: {fr: {shortDescription: x}}\n"
# Each file with the language, licence, date and summary it must give.
PUBLICCODE = [
    (
        'publiccodeYmlVersion: "0.5.0"\nname: A\nurl: https://code.example/a\nreleaseDate: 2026-05-01\n'
        "description:\n  fr:\n    shortDescription: Éditeur de documents\nlegal:\n  license: MIT\n",
        ("fr", "MIT", date(2026, 5, 1), "Éditeur de documents"),
    ),
    (
        "publiccodeYmlVersion: 0.2\nname: B\ncreationDate: '2020-04-17'\n"
        "description:\n  en:\n    shortDescription: Language\nlegal:\n  license: apache-2.0\n",
        ("en", "Apache-2.0", date(2020, 4, 17), "Language"),
    ),
    (
        "publiccodeYmlVersion: '0.2'\nname: C\nit:\n  countryExtensionVersion: '0.2'\n"
        "description:\n  it:\n    shortDescription: >-\n      Piattaforma\n      unica\n"
        "legal:\n  license: AGPL-3.0-or-later\n",
        ("it", "AGPL-3.0-or-later", None, "Piattaforma unica"),
    ),
    (
        "publiccodeYmlVersion: 0.4\nname: D\ndescription:\n  en:\n    shortDescription: Short\n"
        "  fr-FR:\n    shortDescription: Court\n    longDescription: |\n      Long.\n\n      Texte.\n"
        "    features: [un, deux]\nlegal:\n  license: EUPL-1.2-or-later\n",
        ("fr", "EUPL-1.2", None, "Court"),
    ),
    (
        "publiccodeYmlVersion: 0.3\nname: E\ndescription:\n  fr:\n    genericName: Agenda\n"
        "    longDescription: Un agenda partagé entre services.\nlegal:\n  license: CeCILL\n",
        ("fr", "CECILL-2.1", None, "Agenda"),
    ),
    (
        "# un commentaire\n---\npubliccodeYmlVersion: 0.4\nname: 42\nreleaseDate: demain\n"
        "description: {fr: {shortDescription: Nombre}}\nlegal: {license: GPLv3}\n",
        ("fr", "GPL-3.0-only", None, "Nombre"),
    ),
]


@pytest.mark.parametrize(("text", "expected"), PUBLICCODE)
def test_publiccode_is_an_offer_with_language_licence_source_and_date(
    app: Flask, text: str, expected: tuple[str, str, date | None, str]
) -> None:
    first = imported(ImportKind.PUBLICCODE, text.encode())
    second = imported(ImportKind.PUBLICCODE, text.encode())

    assert [report.rows[0].outcome for report in (first, second)] == [Outcome.CREATED, Outcome.UNCHANGED]
    offer = only_offer()
    assert (offer.language, offer.licence, offer.source_on, offer.summary) == (
        *expected[:2],
        expected[2] or today(),
        expected[3],
    )
    assert offer.source.startswith("publiccode.yml")
    assert offer.status is OfferStatus.PUBLISHED


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (
            f"{HEAD}name: ''\n{TOLD}legal: {{license: MIT}}",
            "name",
        ),
        (f"{HEAD}name: A\nlegal: {{license: MIT}}", "description"),
        (
            f"{HEAD}name: A\ndescription: [fr]\nlegal: {{license: MIT}}",
            "description (ligne 3)",
        ),
        (f"{HEAD}name: A\n{TOLD}", "legal.license"),
        (
            f"{HEAD}name: A\n{TOLD}legal: {{license: Rien}}",
            "legal.license (ligne 4)",
        ),
    ],
)
def test_faulty_publiccode_is_refused_with_field_and_line(app: Flask, text: str, field: str) -> None:
    [row] = imported(ImportKind.PUBLICCODE, text.encode()).rows

    assert row.outcome is Outcome.REFUSED
    assert [name.removesuffix(" (ligne 2)") for name, _text in row.reasons] == [field]
    assert db.session.scalars(sa.select(Offer)).all() == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("publiccodeYmlVersion: 0.4\n\tname: A\n", "ligne 2"),
        ("a: [1, 2\nb: 3\n", "ligne 2"),
        ("- une\n- liste\n", "publiccodeYmlVersion"),
        ("name: A\n", "publiccodeYmlVersion"),
        ("name: !!python/object/apply:os.system ['true']\n", "ligne 1"),
        ("[" * 20_000, "publiccodeYmlVersion"),
    ],
)
def test_what_is_no_publiccode_is_refused_whole(app: Flask, text: str, said: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        imported(ImportKind.PUBLICCODE, text.encode())

    assert said in refusal.value.fields["file"]
