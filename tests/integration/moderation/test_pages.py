"""Pages of moderators: who sees them, what they show, what they refuse."""

import io
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event

from app.accounts.models import User
from app.audit.models import AuditEntry
from app.audit.services import record
from app.claims.enums import ClaimStatus
from app.claims.models import Claim
from app.core.db import db, writing
from app.core.jobs import WorkerBeat, heartbeat
from app.offers.models import Offer
from app.permissions import SYSTEM, Role
from app.reference.models import QualifiedService
from tests.clients import IsolatedClient
from tests.dumps import rows_of
from tests.factories import (
    make_category,
    make_criterion,
    make_evidence,
    make_offer,
    make_user,
    make_vendor,
    saved,
)
from tests.integration.moderation.files import csv_of

PAGES = ("/moderation", "/moderation/attestations", "/moderation/referentiels", "/moderation/journal")


@pytest.fixture
def moderator(app: Flask) -> User:
    return make_user(Role.MODERATOR, name="Maud Érateur")


@pytest.fixture
def signed_in(client: IsolatedClient, moderator: User) -> IsolatedClient:
    return client.sign_in(moderator)


def awaiting_claim(criterion: str = "open_source", **values: object) -> Claim:
    offer = make_offer(facts={criterion: ClaimStatus.DECLARED})
    claim = offer.claims[0]
    claim.awaits_verification = True
    for name, value in values.items():
        setattr(claim, name, value)
    return saved(claim)


@pytest.mark.parametrize("path", [*PAGES, "/moderation/attestations/1"])
def test_pages_of_moderation_are_hidden_from_a_vendor(client: IsolatedClient, path: str) -> None:
    awaiting_claim()
    client.sign_in(make_user(Role.VENDOR))

    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_pages_of_moderation_send_a_visitor_to_sign_in(client: IsolatedClient, path: str) -> None:
    assert client.get(path).status_code == 302


@pytest.mark.parametrize("path", PAGES)
def test_pages_of_moderation_answer_on_an_empty_portal(signed_in: IsolatedClient, path: str) -> None:
    assert signed_in.get(path).status_code == 200


def test_queue_shows_the_oldest_awaiting_claim_first(signed_in: IsolatedClient) -> None:
    young = awaiting_claim(created_at=datetime(2026, 11, 20, tzinfo=UTC))
    old = awaiting_claim(created_at=datetime(2026, 11, 2, tzinfo=UTC))
    make_offer(name="Jamais demandée", facts={"open_source": ClaimStatus.DECLARED})

    page = signed_in.get("/moderation").text.split('id="counts-title"')[0]

    assert page.index(f"attestations/{old.id}") < page.index(f"attestations/{young.id}")
    assert "Jamais demandée" not in page


def test_queue_shows_what_expires_within_sixty_days(signed_in: IsolatedClient) -> None:
    soon, later = date(2027, 1, 21), date(2027, 1, 22)
    near = make_offer(name="Bientôt finie", facts={"open_source": ClaimStatus.VERIFIED})
    far = make_offer(name="Encore longue", facts={"open_source": ClaimStatus.VERIFIED})
    near.claims[0].valid_until, far.claims[0].valid_until = soon, later

    page = signed_in.get("/moderation").text

    assert ("Bientôt finie" in page, "Encore longue" in page) == (True, False)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"Déclarée un", "Vérifiée deux", "Refusée trois", "Expirée quatre"}),
        ("status=declared", {"Déclarée un"}),
        ("status=verified", {"Vérifiée deux"}),
        ("status=contradicted", {"Refusée trois"}),
        ("status=expired", {"Expirée quatre"}),
        ("status=verified&criterion=sme", set()),
        ("criterion=sme", {"Déclarée un"}),
        (
            "status=n-importe-quoi&page=99",
            {"Déclarée un", "Vérifiée deux", "Refusée trois", "Expirée quatre"},
        ),
    ],
)
def test_claims_are_kept_by_state_and_criterion(
    signed_in: IsolatedClient, query: str, shown: set[str]
) -> None:
    make_offer(name="Déclarée un", facts={"sme": ClaimStatus.DECLARED})
    make_offer(name="Vérifiée deux", facts={"open_source": ClaimStatus.VERIFIED})
    make_offer(name="Refusée trois", facts={"open_source": ClaimStatus.CONTRADICTED})
    expired = make_offer(name="Expirée quatre", facts={"open_source": ClaimStatus.VERIFIED})
    expired.claims[0].valid_until = date(2026, 11, 21)

    page = signed_in.get(f"/moderation/attestations?{query}").text

    names = ("Déclarée un", "Vérifiée deux", "Refusée trois", "Expirée quatre")
    assert {name for name in names if name in page} == shown


@pytest.mark.parametrize("path", PAGES)
def test_lists_of_moderation_cost_the_same_with_one_and_three_items(
    app: Flask, signed_in: IsolatedClient, moderator: User, path: str
) -> None:
    def count_queries() -> int:
        statements: list[str] = []
        listener = lambda _c, _cur, statement, *_rest: statements.append(statement)  # noqa: E731 - a short listener
        event.listen(db.engine, "before_cursor_execute", listener)
        assert signed_in.get(path).status_code == 200
        event.remove(db.engine, "before_cursor_execute", listener)
        return len(statements)

    def add_one() -> None:
        claim = awaiting_claim(valid_until=date(2026, 12, 24))
        record(SYSTEM, "claim.declared", claim)
        record(SYSTEM, "import.run", None, kind="sill", created=1)
        db.session.add(
            AuditEntry(
                actor_id=moderator.id, action="claim.verified", object_type="claim", object_id=claim.id
            )
        )
        db.session.commit()

    add_one()
    with_one = count_queries()
    add_one()
    add_one()

    assert count_queries() == with_one


def test_claim_page_shows_the_statement_and_its_history(signed_in: IsolatedClient, moderator: User) -> None:
    claim = awaiting_claim(statement="Code publié sous EUPL")
    make_evidence(claim, url="https://exemple.fr/code")
    record(SYSTEM, "claim.declared", claim, criterion="open_source")

    page = signed_in.get(f"/moderation/attestations/{claim.id}").text

    for text in ("Code publié sous EUPL", "https://exemple.fr/code", "Attestation déclarée", "Trait d’union"):
        assert text in page
    assert "registre SecNumCloud" not in page


def test_claim_page_of_an_unknown_claim_is_not_found(signed_in: IsolatedClient) -> None:
    assert signed_in.get("/moderation/attestations/999").status_code == 404


def test_claim_page_shows_the_registry_beside_a_secnumcloud_claim(signed_in: IsolatedClient) -> None:
    claim = awaiting_claim("secnumcloud")
    assert claim.organisation is not None
    offer = db.session.get_one(Offer, claim.offer_id)
    offer.name, claim.organisation.name = "Nuage confiance", "Éditeur Démo SAS"
    for provider, service, until in (
        ("Editeur demo", "Nuage Confiance", date(2026, 1, 1)),
        ("Editeur demo", "Autre service", date(2027, 1, 1)),
        ("Tout autre", "Rien à voir", date(2027, 1, 1)),
    ):
        db.session.add(
            QualifiedService(
                provider=provider, service_name=service, scope="IaaS", status="qualified", valid_until=until
            )
        )

    page = signed_in.get(f"/moderation/attestations/{claim.id}").text

    assert "Un service hébergé sur un IaaS qualifié n’est pas qualifié" in page
    assert "Même fournisseur, même service" in page
    assert "Expirée" in page
    assert "Même fournisseur, autre service" in page
    assert "Rien à voir" not in page


def test_deciding_through_the_page_verifies_the_claim(signed_in: IsolatedClient, moderator: User) -> None:
    claim = awaiting_claim()

    answer = signed_in.post(
        f"/moderation/attestations/{claim.id}", data={"verdict": "verified", "reason": "Dépôt lu."}
    )

    db.session.refresh(claim)
    assert (answer.status_code, claim.status, claim.decided_by_id) == (
        302,
        ClaimStatus.VERIFIED,
        moderator.id,
    )


def test_deciding_without_a_reason_keeps_the_choice_and_says_why(signed_in: IsolatedClient) -> None:
    claim = awaiting_claim()

    answer = signed_in.post(
        f"/moderation/attestations/{claim.id}", data={"verdict": "contradicted", "reason": " "}
    )

    assert answer.status_code == 422
    assert "Dites pourquoi" in answer.text
    assert 'checked id="verdict-2"' in answer.text
    db.session.refresh(claim)
    assert claim.status is ClaimStatus.DECLARED


def test_deciding_second_tells_who_decided_first(signed_in: IsolatedClient, moderator: User) -> None:
    claim = awaiting_claim()
    form = {"verdict": "verified", "reason": "Dépôt lu."}
    signed_in.post(f"/moderation/attestations/{claim.id}", data=form)

    answer = signed_in.post(f"/moderation/attestations/{claim.id}", data={**form, "verdict": "contradicted"})

    assert answer.status_code == 409
    assert "déjà été examinée par Maud Érateur" in answer.text


def test_reopening_through_the_page_puts_the_claim_back_in_the_queue(signed_in: IsolatedClient) -> None:
    claim = make_offer(facts={"open_source": ClaimStatus.CONTRADICTED}).claims[0]

    refused = signed_in.post(f"/moderation/attestations/{claim.id}/rouvrir", data={"reason": ""})
    accepted = signed_in.post(f"/moderation/attestations/{claim.id}/rouvrir", data={"reason": "Pièce reçue."})

    db.session.refresh(claim)
    assert (refused.status_code, accepted.status_code) == (422, 302)
    assert (claim.status, claim.awaits_verification) == (ClaimStatus.DECLARED, True)


def test_journal_is_kept_by_action_and_person(signed_in: IsolatedClient, moderator: User) -> None:
    vendor = make_vendor()
    db.session.add(
        AuditEntry(actor_id=moderator.id, action="claim.verified", object_type="claim", object_id=7)
    )
    record(SYSTEM, "offer.created", vendor, name="Ligne du portail")

    by_action = signed_in.get("/moderation/journal?action=offer.created").text
    by_person = signed_in.get("/moderation/journal?person=maud").text

    assert ("Ligne du portail" in by_action, "Attestation n° 7" in by_action) == (True, False)
    assert ("Ligne du portail" in by_person, "Attestation n° 7" in by_person) == (False, True)


def upload(client: IsolatedClient, kind: str, data: bytes, name: str = "fichier.csv") -> object:
    form = {"kind": kind, "file": (io.BytesIO(data), name)}
    return client.post("/moderation/referentiels", data=form, content_type="multipart/form-data")


CPV = csv_of(
    ("code", "niveau", "parent", "libelle_fr", "libelle_en"),
    ("48000000", "2", "", "Logiciels", "Software"),
    ("48x", "3", "48000000", "Faux", "Wrong"),
).encode()


def address_of(answer: object) -> str:
    """Where the answer to an upload leads."""
    return str(answer.location)  # type: ignore[attr-defined]  # a loosely typed answer


def cpv_of(count: int) -> bytes:
    rows = [(f"48{n:03d}000", "2", "", f"Logiciel {n}", "Software") for n in range(100, 100 + count)]
    return csv_of(("code", "niveau", "parent", "libelle_fr", "libelle_en"), *rows).encode()


def test_upload_is_tried_then_confirmed(signed_in: IsolatedClient, run_jobs: Callable[[], int]) -> None:
    asked = address_of(upload(signed_in, "cpv", CPV))
    assert "l’ouvrier ne répond pas" in signed_in.get(asked).text
    saved(WorkerBeat(name="ouvrier"))
    assert "La lecture va commencer" in signed_in.get(asked).text
    before = rows_of(db.engine)
    run_jobs()
    after = rows_of(db.engine)
    assert {name for name in after if after[name] != before[name]} == {"job", "import_run"}
    page = signed_in.get(asked).text
    assert "Un code CPV compte huit chiffres" in page
    assert "Importer ces lignes" in page

    done = signed_in.post(f"{asked}/importer")
    run_jobs()

    assert "Import terminé" in signed_in.get(done.location).text
    assert db.session.scalars(sa.text("SELECT code FROM category")).all() == ["48000000"]
    assert signed_in.post(f"{asked}/importer").status_code == 409  # nothing is imported twice


def test_upload_of_another_person_cannot_be_confirmed(
    app: Flask, signed_in: IsolatedClient, run_jobs: Callable[[], int]
) -> None:
    asked = address_of(upload(signed_in, "cpv", CPV))
    run_jobs()
    other = app.test_client().sign_in(make_user(Role.MODERATOR))  # type: ignore[attr-defined]  # a loosely typed answer
    assert other.get(asked).status_code == 404
    assert other.post(f"{asked}/importer").status_code == 404


def test_a_dry_run_of_offers_leaves_no_job_behind(
    signed_in: IsolatedClient, run_jobs: Callable[[], int]
) -> None:
    slug = make_vendor().slug
    text = "Une messagerie pour les agents publics hébergée en France."
    rows = [(str(n), slug, f"Offre {n}", text, text) for n in range(30)]
    file = csv_of(("reference", "organisation", "nom", "resume", "description"), *rows).encode()
    asked = address_of(upload(signed_in, "offers", file))
    run_jobs()
    assert "Importer ces lignes" in signed_in.get(asked).text
    assert db.session.scalars(sa.text("SELECT kind FROM job")).all() == ["import"]
    assert db.session.scalar(sa.text("SELECT count(*) FROM offer")) == 0


def test_an_import_is_stopped_between_two_parts(
    signed_in: IsolatedClient, run_jobs: Callable[[], int]
) -> None:
    asked = address_of(upload(signed_in, "cpv", cpv_of(50)))
    run_jobs()
    done = signed_in.post(f"{asked}/importer").location
    assert signed_in.post(f"{done}/arreter").status_code == 302
    run_jobs()
    assert "Arrêté à la demande" in signed_in.get(done).text
    assert signed_in.post(f"{done}/arreter").status_code == 409


def test_others_write_between_the_parts_of_an_import(
    signed_in: IsolatedClient, run_jobs: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = address_of(upload(signed_in, "cpv", cpv_of(50)))
    run_jobs()
    signed_in.post(f"{asked}/importer")
    written = []

    def write_meanwhile(job_id: int, progress: dict[str, int]) -> bool:
        with writing(), db.get_session("other") as session:  # it would wait for SQLite's only lock
            session.add(AuditEntry(action="other.wrote", object_type=""))
            session.commit()
        written.append(progress["done"])
        return heartbeat(job_id, progress)

    monkeypatch.setattr("app.moderation.jobs.heartbeat", write_meanwhile)
    run_jobs()
    assert written == [0, 20, 40]


@pytest.mark.parametrize(
    ("kind", "data", "told"),
    [
        ("cpv", b"autre;chose\n1;2\n", "Colonnes obligatoires"),
        ("sill", b"{}", "Ce fichier n’est pas une liste du SILL"),
        ("offers", b"PK\x03\x04\x00\x00", "n’est pas un classeur lisible"),
        ("", b"x", "Dites ce que contient le fichier."),
    ],
)
def test_wrong_file_is_refused_beside_its_field(
    signed_in: IsolatedClient, kind: str, data: bytes, told: str
) -> None:
    answer = upload(signed_in, kind, data)

    assert answer.status_code == 422  # type: ignore[attr-defined]  # a loosely typed answer
    assert told in answer.text  # type: ignore[attr-defined]  # a loosely typed answer


def test_file_over_the_limit_is_refused_politely(app: Flask, signed_in: IsolatedClient) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1000

    assert upload(signed_in, "cpv", b"x" * 2000).status_code == 413  # type: ignore[attr-defined]  # a loosely typed answer


@pytest.mark.parametrize("kind", ["offers", "needs"])
def test_model_of_a_file_opens_in_a_french_spreadsheet(signed_in: IsolatedClient, kind: str) -> None:
    make_criterion("secnumcloud")
    make_category()

    answer = signed_in.get(f"/moderation/referentiels/modeles/{kind}.csv")

    assert answer.status_code == 200
    assert answer.data.startswith(b"\xef\xbb\xbfreference;")
    assert "_secnumcloud" in answer.text
