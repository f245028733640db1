"""Imports of offers and needs written by hand in a spreadsheet."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.models import Organisation
from app.claims.enums import ClaimStatus
from app.claims.models import Claim
from app.core.db import db
from app.core.errors import RuleBroken
from app.moderation.enums import ImportKind
from app.moderation.exports import sample_csv
from app.moderation.services.imports.report import ImportReport
from app.moderation.services.imports.run import run_import
from app.needs.enums import NeedStatus, RequiredLevel
from app.needs.models import Need
from app.needs.services import close_need
from app.offers.enums import OfferStatus
from app.offers.models import Offer
from app.offers.services import withdraw_offer
from app.permissions import SYSTEM
from app.reference.enums import AttributeType
from app.reference.queries import attributes
from tests.factories import make_administration, make_attribute, make_category, make_criterion, make_vendor
from tests.integration.moderation.files import DESCRIPTION, csv_of

OFFER_HEADER = ("Référence", "Organisation", "Nom", "Résumé", "Description")
NEED_HEADER = ("Référence", "Administration", "Titre", "Description")


@pytest.fixture
def vendor(app: Flask) -> Organisation:
    make_criterion("secnumcloud")
    make_criterion("open_source")
    make_category("48000000")
    return make_vendor()


@pytest.fixture
def ministry(vendor: Organisation) -> Organisation:
    return make_administration()


def import_offers(*rows: tuple[str, ...], more: tuple[str, ...] = ()) -> ImportReport:
    text = csv_of((*OFFER_HEADER, *more), *rows, separator=";")
    return run_import(SYSTEM, ImportKind.OFFERS, text.encode("cp1252"), dry_run=False)


def import_needs(*rows: tuple[str, ...], more: tuple[str, ...] = ()) -> ImportReport:
    text = csv_of((*NEED_HEADER, *more), *rows, separator=";")
    return run_import(SYSTEM, ImportKind.NEEDS, text.encode("cp1252"), dry_run=False)


def outcomes(report: ImportReport) -> list[str]:
    return [row.outcome.value for row in report.rows]


def offer_row(organisation: str, reference: str = "A1", name: str = "Café") -> tuple[str, ...]:
    return (reference, organisation, name, "Une messagerie", DESCRIPTION)


def test_offer_is_found_by_siren_or_page_name_and_imported_once(vendor: Organisation) -> None:
    siren = str(vendor.siren)
    spaced = f"{siren[:3]} {siren[3:6]} {siren[6:]}"

    first = import_offers(offer_row(spaced))
    second = import_offers(offer_row(vendor.slug))
    third = import_offers(offer_row(siren, name="Café crème"))

    assert [outcomes(report) for report in (first, second, third)] == [
        ["created"],
        ["unchanged"],
        ["updated"],
    ]
    offer = db.session.scalars(sa.select(Offer)).one()
    assert (offer.name, offer.status, offer.organisation) == ("Café crème", OfferStatus.PUBLISHED, vendor)


def test_offer_declares_what_its_criteria_columns_state(vendor: Organisation) -> None:
    more = (
        "critère secnumcloud",
        "critère secnumcloud début",
        "critère secnumcloud fin",
        "critère open_source",
    )

    import_offers((*offer_row(vendor.slug), "oui", "01/02/2025", "2028-02-01", ""), more=more)

    [claim] = db.session.scalars(sa.select(Offer)).one().claims
    assert (claim.attribute_key, claim.value, claim.status) == ("secnumcloud", True, ClaimStatus.DECLARED)
    assert (claim.valid_from, claim.valid_until) == (date(2025, 2, 1), date(2028, 2, 1))


def test_offer_claim_stated_otherwise_replaces_the_one_declared_before(vendor: Organisation) -> None:
    more = ("critere_open_source",)
    import_offers((*offer_row(vendor.slug), "oui"), more=more)

    changed = import_offers((*offer_row(vendor.slug), "non"), more=more)
    again = import_offers((*offer_row(vendor.slug), "non"), more=more)

    assert (outcomes(changed), outcomes(again)) == (["updated"], ["unchanged"])
    offer = db.session.scalars(sa.select(Offer)).one()
    db.session.refresh(offer)
    states = [(claim.value, claim.status.value) for claim in offer.claims]
    assert states == [(True, "withdrawn"), (False, "declared")]


def test_bad_offers_are_told_line_by_line_and_the_good_one_goes_in(vendor: Organisation) -> None:
    more = (
        "critere_secnumcloud",
        "critere_secnumcloud_debut",
        "critere_secnumcloud_fin",
        "categories",
        "site",
    )
    nothing = ("", "", "", "", "")

    report = import_offers(
        (*offer_row("123456789", "A1"), *nothing),
        (*offer_row("inconnue", "A2"), *nothing),
        (*offer_row(vendor.slug, "A3"), "oui", "2026-02-01", "2026-01-01", "", ""),
        (*offer_row(vendor.slug, "A4"), "peut-être", "", "", "", ""),
        (*offer_row(vendor.slug, "A5", name=""), *nothing),
        (*offer_row(vendor.slug, "A6"), "", "", "", "99999999", "ftp://exemple"),
        (*offer_row(vendor.slug, "A7"), "oui", "", "", "48000000", "https://exemple.fr"),
        (*offer_row(vendor.slug, "A7"), *nothing),
        more=more,
    )

    assert [(row.line, [column for column, _text in row.reasons]) for row in report.refused] == [
        (2, ["organisation"]),
        (3, ["organisation"]),
        (4, ["critere_secnumcloud_fin"]),
        (5, ["critere_secnumcloud"]),
        (6, ["nom"]),
        (7, ["site", "categories"]),
        (9, [""]),
    ]
    assert "clé" in report.refused[0].reason
    assert db.session.scalars(sa.select(Offer.import_key)).all() == [f"csv:{vendor.id}:A7"]


def test_offer_withdrawn_on_purpose_is_not_published_again(vendor: Organisation) -> None:
    import_offers(offer_row(vendor.slug))
    withdraw_offer(SYSTEM, db.session.scalars(sa.select(Offer)).one())

    report = import_offers(offer_row(vendor.slug))

    assert outcomes(report) == ["unchanged"]
    assert db.session.scalars(sa.select(Offer)).one().status is OfferStatus.WITHDRAWN


def test_unknown_criterion_refuses_the_whole_file(vendor: Organisation) -> None:
    with pytest.raises(RuleBroken) as refusal:
        import_offers((*offer_row(vendor.slug), "oui"), more=("critere_magie",))

    assert "critere_magie" in refusal.value.fields["file"]
    assert "open_source" in refusal.value.fields["file"]


def test_column_nobody_knows_is_told_and_not_read(vendor: Organisation) -> None:
    report = import_offers((*offer_row(vendor.slug), "bleu"), more=("Couleur",))

    assert (outcomes(report), report.notes) == (
        ["created"],
        ["Fichier lu en Windows-1252.", "Colonnes non lues : couleur."],
    )


def test_need_is_imported_with_its_requirements_and_only_once(ministry: Organisation) -> None:
    more = (
        "Exigence secnumcloud",
        "exigence_open_source",
        "Échéance",
        "Utilisateurs",
        "Données sensibles",
        "catégories",
    )
    row = (
        "B1",
        ministry.slug,
        "Messagerie",
        DESCRIPTION,
        "vérifié",
        "Déclaré",
        "31/12/2027",
        "12 000",
        "oui",
        "48000000",
    )

    first, second = import_needs(row, more=more), import_needs(row, more=more)

    assert (outcomes(first), outcomes(second)) == (["created"], ["unchanged"])
    need = db.session.scalars(sa.select(Need)).one()
    assert (need.status, need.users_count, need.sensitive_data) == (NeedStatus.PUBLISHED, 12000, True)
    assert (need.deadline_on, [item.code for item in need.categories]) == (date(2027, 12, 31), ["48000000"])
    assert {item.criterion_key: item.level for item in need.requirements} == {
        "secnumcloud": RequiredLevel.VERIFIED,
        "open_source": RequiredLevel.DECLARED,
    }


def test_bad_needs_are_told_line_by_line(ministry: Organisation, vendor: Organisation) -> None:
    more = ("exigence_secnumcloud", "echeance", "utilisateurs")

    report = import_needs(
        ("B1", "123456789", "Messagerie", DESCRIPTION, "", "", ""),
        ("B2", vendor.slug, "Messagerie", DESCRIPTION, "", "", ""),
        ("B3", ministry.slug, "Messagerie", DESCRIPTION, "exigé", "bientôt", "-3"),
        ("B4", ministry.slug, "", DESCRIPTION, "", "", ""),
        ("B5", ministry.slug, "Messagerie", "Trop court", "", "", ""),
        ("B6", ministry.slug, "Messagerie", DESCRIPTION, "", "2025-01-01", ""),
        more=more,
    )

    assert [(row.line, sorted(column for column, _text in row.reasons)) for row in report.refused] == [
        (2, ["administration"]),
        (3, ["administration"]),
        (4, ["echeance", "exigence_secnumcloud", "utilisateurs"]),
        (5, ["titre"]),
        (6, ["description"]),
        (7, ["echeance"]),
    ]
    assert db.session.scalar(sa.select(sa.func.count(Need.id))) == 0


def test_closed_need_is_left_closed(ministry: Organisation) -> None:
    row = ("B1", ministry.slug, "Messagerie", DESCRIPTION)
    import_needs(row)
    close_need(SYSTEM, db.session.scalars(sa.select(Need)).one())

    same, other = import_needs(row), import_needs((*row[:2], "Autre titre", DESCRIPTION))

    assert (outcomes(same), outcomes(other)) == (["unchanged"], ["refused"])
    assert "clos" in other.refused[0].reason


@pytest.mark.parametrize("kind", [ImportKind.OFFERS, ImportKind.NEEDS])
def test_model_offered_for_download_is_itself_importable(typed: Organisation, kind: ImportKind) -> None:
    make_vendor(slug="editeur-exemple")
    make_administration(slug="ministere-exemple")

    sample = sample_csv(kind, criteria=["secnumcloud", "open_source"], attributes=attributes())

    report = run_import(SYSTEM, kind, sample.encode(), dry_run=True)

    assert (outcomes(report), report.notes) == (["created"], [])


TYPED = ("critere_rgaa_rate", "critere_support_until", "critere_access", "critere_places")


VALUES: dict[str, dict[str, Any]] = {
    "rgaa_rate": {"type": AttributeType.NUMBER, "unit": "%"},
    "support_until": {"type": AttributeType.DATE},
    "access": {"type": AttributeType.CHOICE, "options": ["web", "mobile"]},
    "places": {"type": AttributeType.CHOICES, "options": ["FR", "DE", "US"]},
}


@pytest.fixture
def typed(vendor: Organisation) -> Organisation:
    for key, values in VALUES.items():
        make_criterion(f"asks_{key}", attribute=make_attribute(key, **values))
    return vendor


def test_a_column_of_a_typed_attribute_takes_its_value(typed: Organisation) -> None:
    row = (*offer_row(typed.slug), "88,5", "27/03/2027", "web", "DE, FR")
    report = import_offers(row, more=TYPED)
    assert outcomes(report) == ["created"]
    stated = {claim.attribute_key: claim.value for claim in db.session.scalars(sa.select(Claim))}
    assert stated == {
        "rgaa_rate": 88.5,
        "support_until": "2027-03-27",
        "access": "web",
        "places": ["FR", "DE"],
    }
    assert outcomes(import_offers(row, more=TYPED)) == ["unchanged"]
    assert outcomes(import_offers((*row[:-4], "", "", "", ""), more=TYPED)) == ["unchanged"]
    assert outcomes(import_offers((*row[:-4], "90", *row[-3:]), more=TYPED)) == ["updated"]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (("beaucoup", "", "", ""), "Saisissez un nombre."),
        (("", "un jour", "", ""), "Écrivez la date sous la forme 27/03/2026."),
        (("", "", "fax", ""), "Choisissez parmi : web, mobile."),
        (("", "", "", "FR, MARS"), "Choisissez parmi : FR, DE, US."),
    ],
)
def test_a_cell_of_another_type_is_refused(typed: Organisation, cells: tuple[str, ...], reason: str) -> None:
    report = import_offers((*offer_row(typed.slug), *cells), more=TYPED)
    assert [row.reason.partition(" : ")[2] for row in report.refused] == [reason]
