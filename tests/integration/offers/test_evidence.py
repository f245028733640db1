"""Evidence sent by its vendor: what is kept, what is refused and leaves nothing, who may open it."""

import hashlib
import io
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app.accounts.models import Organisation
from app.audit.models import AuditEntry
from app.claims.enums import ClaimStatus, MediaType, Visibility
from app.claims.models import Claim, Evidence
from app.claims.services import sweep_evidence
from app.core.config import Settings
from app.core.db import db
from app.offers.enums import OfferStatus
from app.permissions import Role
from tests.clients import IsolatedClient, another_client
from tests.documents import pdf, picture
from tests.factories import make_criterion, make_evidence, make_offer, make_user, make_vendor


@pytest.fixture
def vendor(app: Flask) -> Organisation:
    return make_vendor()


@pytest.fixture
def member(client: IsolatedClient, vendor: Organisation) -> IsolatedClient:
    return client.sign_in(make_user(Role.VENDOR, vendor))


@pytest.fixture
def claim(vendor: Organisation) -> Claim:
    return make_offer(vendor, facts={"open_source": ClaimStatus.DECLARED}).claims[0]


def form(content: bytes | None = None, name: str = "preuve.pdf", **values: str) -> dict[str, object]:
    sent = {} if content is None else {"evidence_file": (io.BytesIO(content), name)}
    return {"evidence_title": "", "visibility": "restricted", **values, **sent}


def post(client: IsolatedClient, address: str, data: dict[str, object]) -> Any:
    """Send a form with a large file: werkzeug's own client would leave it open in a temporary file."""
    stored = {
        name: FileStorage(value[0], value[1]) if isinstance(value, tuple) else value
        for name, value in data.items()
    }
    boundary, body = encode_multipart(stored)
    return client.post(address, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def pieces() -> list[Evidence]:
    return list(db.session.scalars(sa.select(Evidence).order_by(Evidence.id)))


def files(app: Flask) -> list[Path]:
    settings: Settings = app.extensions["settings"]
    return [path for path in (settings.data_dir / "evidence").rglob("*") if path.is_file()]


def test_a_document_is_kept_under_its_hash_and_served_as_a_download(
    app: Flask, member: IsolatedClient, claim: Claim
) -> None:
    content = pdf(3)
    sent = member.post(f"/attestations/{claim.id}/preuves", data=form(content, "../../Certificat n°1.PDF"))
    assert (sent.status_code, sent.location) == (302, f"/attestations/{claim.id}/preuves")
    [piece] = pieces()
    assert (piece.title, piece.media_type, piece.pages, piece.size) == (
        "Certificat n°1.pdf",
        MediaType.PDF,
        3,
        len(content),
    )
    sha256 = hashlib.sha256(content).hexdigest()
    [path] = files(app)
    assert (piece.sha256, path.parts[-2:]) == (sha256, (sha256[:2], sha256))
    assert "Certificat n°1.pdf" in member.get(f"/attestations/{claim.id}/preuves").text
    answer = member.get(f"/preuves/{piece.id}")
    assert answer.data == content
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.content_type == "application/pdf"


SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
HTML = b"<!doctype html><html><script>alert(1)</script></html>"
REFUSED = [
    (b"", "vide.pdf", "Ce fichier est vide"),
    (b"Bonjour", "preuve.pdf", "Ce n’est pas un PDF"),
    (HTML, "preuve.pdf", "Ce n’est pas un PDF"),
    (HTML, "preuve.html", "Ce n’est pas un PDF"),
    (SVG, "preuve.svg", "Ce n’est pas un PDF"),
    (SVG, "preuve.png", "Ce n’est pas un PDF"),
    (b"%PDF-1.7\n" + b"\x00garbage" * 40, "preuve.pdf", "Ce PDF est illisible"),
    (picture()[:40], "preuve.png", "Cette image est illisible"),
    (picture(), "preuve.pdf", "son contenu est : image PNG"),
    (pdf(password="secret"), "preuve.pdf", "protégé par un mot de passe"),
    (pdf(3), "longue.pdf", "il en faut de 1 à 2"),
    (pdf() + b"x" * 1024 * 1024, "lourde.pdf", "Ce fichier dépasse 1 Mo"),
]


@pytest.mark.parametrize(("content", "name", "told"), REFUSED, ids=range(len(REFUSED)))
def test_what_is_no_evidence_is_refused_and_leaves_nothing(
    app: Flask, member: IsolatedClient, vendor: Organisation, content: bytes, name: str, told: str
) -> None:
    settings: Settings = app.extensions["settings"]
    settings.evidence_max_mb, settings.evidence_max_pages = 1, 2
    app.config["EVIDENCE_MAX_MB"] = 1
    make_criterion("open_source")
    offer = make_offer(vendor)
    typed = {"attribute_key": "open_source", "value": "yes", "statement": "Le code que j’ai tapé"}
    answer = post(member, f"/mes-offres/{offer.id}/attestations", form(content, name, **typed))
    assert answer.status_code == 422
    assert told in answer.text
    assert "Le code que j’ai tapé" in answer.text
    assert (pieces(), files(app), db.session.scalars(sa.select(Claim)).all()) == ([], [], [])


def test_a_file_beyond_what_a_request_may_hold_elsewhere_loses_nothing_typed(
    app: Flask, member: IsolatedClient, claim: Claim
) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1000
    settings: Settings = app.extensions["settings"]
    settings.evidence_max_mb = 1
    sent = form(b"%PDF-1.7" + b"x" * 3_000_000, evidence_title="Mon titre")
    answer = post(member, f"/attestations/{claim.id}/preuves", sent)
    assert answer.status_code == 422
    assert "Ce fichier dépasse 1 Mo" in answer.text
    assert "Mon titre" in answer.text
    assert (pieces(), files(app)) == ([], [])


def test_as_many_pieces_as_allowed_and_each_once(app: Flask, member: IsolatedClient, claim: Claim) -> None:
    settings: Settings = app.extensions["settings"]
    settings.evidence_max_per_claim = 2
    address = f"/attestations/{claim.id}/preuves"
    assert member.post(address, data=form(pdf())).status_code == 302
    again = member.post(address, data=form(pdf(), "autre.pdf"))
    assert (again.status_code, "déjà jointe" in again.text) == (422, True)
    assert member.post(address, data=form(picture("JPEG"), "vue.jpeg")).status_code == 302
    full = member.post(address, data=form(picture("WEBP"), "vue.webp"))
    assert (full.status_code, "déjà 2 pièces" in full.text) == (422, True)
    assert [piece.media_type for piece in pieces()] == [MediaType.PDF, MediaType.JPEG]
    assert len(files(app)) == 2


def test_nothing_or_two_at_once_is_refused(member: IsolatedClient, claim: Claim) -> None:
    address = f"/attestations/{claim.id}/preuves"
    assert "Joignez un fichier" in member.post(address, data=form()).text
    two = {**form(), "evidence_file": [(io.BytesIO(pdf()), "a.pdf"), (io.BytesIO(picture()), "b.png")]}
    assert "Un document à la fois" in member.post(address, data=two).text
    insecure = member.post(address, data=form(evidence_url="http://depot.example/code"))
    assert "commence par https://" in insecure.text
    assert pieces() == []


def test_replaced_and_removed_pieces_stay_as_history(
    app: Flask, member: IsolatedClient, claim: Claim
) -> None:
    address = f"/attestations/{claim.id}/preuves"
    member.post(address, data=form(pdf(title="a"), "ancienne.pdf"))
    [old] = pieces()
    same = member.post(f"{address}/{old.id}/remplacer", data=form(pdf(title="a")))
    assert "la même pièce" in same.text
    sent = member.post(f"{address}/{old.id}/remplacer", data=form(pdf(title="b"), "neuve.pdf"))
    assert sent.status_code == 302
    old, new = pieces()
    assert (old.is_current, old.replaced_by_id, new.is_current) == (False, new.id, True)
    assert "Retirer cette preuve ?" in member.get(f"{address}/{new.id}/retirer").text
    assert member.post(f"{address}/{new.id}/retirer").status_code == 302
    assert member.post(f"{address}/{new.id}/retirer").status_code == 409
    page = member.get(address).text
    assert "Remplacée le" in page
    assert "Retirée le" in page
    assert len(files(app)) == 2
    actions = list(db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)))
    assert actions == ["evidence.added", "evidence.added", "evidence.replaced", "evidence.removed"]


def test_what_a_decision_or_a_request_rests_on_stays(member: IsolatedClient, claim: Claim) -> None:
    piece = make_evidence(claim)
    claim.awaits_verification = True
    address = f"/attestations/{claim.id}/preuves/{piece.id}/retirer"
    assert "demandée sur cette seule pièce" in member.post(address).text
    with db.session.no_autoflush:
        claim.awaits_verification, claim.status = False, ClaimStatus.VERIFIED
        claim.decided_at = claim.created_at
        piece.examined_at = claim.created_at
    assert member.post(address).status_code == 409
    assert piece.is_current


def test_evidence_of_another_offer_cannot_be_attached(
    app: Flask, member: IsolatedClient, vendor: Organisation, claim: Claim
) -> None:
    other = make_offer(vendor, facts={"open_source": ClaimStatus.DECLARED}).claims[0]
    foreign = make_offer(facts={"open_source": ClaimStatus.DECLARED}).claims[0]
    member.post(f"/attestations/{other.id}/preuves", data=form(pdf()))
    refused = member.post(f"/attestations/{claim.id}/preuves", data=form(pdf()))
    assert (refused.status_code, "la preuve d’une autre offre" in refused.text) == (422, True)
    stranger = another_client(app).sign_in(make_user(Role.VENDOR, foreign.organisation))
    refused = stranger.post(f"/attestations/{foreign.id}/preuves", data=form(pdf()))
    assert refused.status_code == 422
    [piece] = pieces()
    for path in (f"/attestations/{claim.id}/preuves/{piece.id}/retirer", f"/attestations/{other.id}/preuves"):
        assert stranger.post(path, data=form(pdf(2))).status_code == 404
    assert member.post(f"/attestations/{claim.id}/preuves/{piece.id}/retirer").status_code == 404
    logged = sa.select(AuditEntry.object_id).where(AuditEntry.action == "evidence.of_another_offer")
    assert list(db.session.scalars(logged)) == [claim.id, foreign.id]


def test_a_document_of_the_whole_company_serves_its_offers(
    member: IsolatedClient, vendor: Organisation, claim: Claim
) -> None:
    whole = Claim(organisation_id=vendor.id, attribute=make_criterion("sme").attribute, value=True)
    db.session.add(whole)
    db.session.commit()
    assert member.post(f"/attestations/{whole.id}/preuves", data=form(pdf())).status_code == 302
    assert member.post(f"/attestations/{claim.id}/preuves", data=form(pdf())).status_code == 302


@pytest.mark.parametrize(
    ("reader", "opens"),
    [("visitor", ""), ("other vendor", ""), ("ambassador", "r"), ("moderator", "rdx"), ("member", "rdx")],
)
def test_who_may_open_a_restricted_piece(
    app: Flask, member: IsolatedClient, claim: Claim, reader: str, opens: str
) -> None:
    """r: beside a published offer; d: of a draft; x: once removed."""
    roles = {"other vendor": Role.VENDOR, "ambassador": Role.AMBASSADOR, "moderator": Role.MODERATOR}
    member.post(f"/attestations/{claim.id}/preuves", data=form(pdf()))
    [piece] = pieces()
    someone = member if reader == "member" else another_client(app)
    if reader in roles:
        someone.sign_in(make_user(roles[reader]))
    offer = claim.offer_id
    page = someone.get(f"/offres/{make_slug(offer)}").text
    assert ("réservé aux acheteurs" in page) is ("r" not in opens)
    assert (f"/preuves/{piece.id}" in page) is ("r" in opens)
    assert someone.get(f"/preuves/{piece.id}").status_code == (200 if "r" in opens else 404)
    set_status(offer, OfferStatus.WITHDRAWN)
    assert someone.get(f"/preuves/{piece.id}").status_code == (200 if "d" in opens else 404)
    set_status(offer, OfferStatus.PUBLISHED)
    piece.removed_at = piece.added_at
    assert someone.get(f"/preuves/{piece.id}").status_code == (200 if "x" in opens else 404)


def make_slug(offer_id: int | None) -> str:
    from app.offers.models import Offer

    return db.session.get_one(Offer, offer_id).slug


def set_status(offer_id: int | None, status: OfferStatus) -> None:
    from app.offers.models import Offer

    db.session.get_one(Offer, offer_id).status = status


def test_a_public_piece_is_open_to_everyone_until_reserved(
    app: Flask, member: IsolatedClient, claim: Claim
) -> None:
    member.post(f"/attestations/{claim.id}/preuves", data=form(picture(), "vue.png", visibility="public"))
    [piece] = pieces()
    visitor = another_client(app)
    assert visitor.get(f"/preuves/{piece.id}").content_type == "image/png"
    change = f"/attestations/{claim.id}/preuves/{piece.id}/visibilite"
    assert member.post(change, data={"visibility": "tout"}).status_code == 422
    assert member.post(change, data={"visibility": "restricted"}).status_code == 302
    assert piece.visibility is Visibility.RESTRICTED
    assert visitor.get(f"/preuves/{piece.id}").status_code == 404


def test_a_commit_that_fails_leaves_a_file_only_until_the_sweep(
    app: Flask, member: IsolatedClient, claim: Claim, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    from app.core import db as database

    with monkeypatch.context() as patch:
        patch.setattr(database, "commit", database.rollback)
        member.post(f"/attestations/{claim.id}/preuves", data=form(pdf()))
    [path] = files(app)
    assert (pieces(), sweep_evidence()) == ([], 0)
    os.utime(path, (0, 0))
    assert (sweep_evidence(), files(app)) == (1, [])


def test_two_pieces_of_one_claim_never_have_the_same_content(claim: Claim) -> None:
    values = {"sha256": "a" * 64, "media_type": MediaType.PDF, "size": 10}
    make_evidence(claim, **values)
    with pytest.raises(sa.exc.IntegrityError):
        make_evidence(claim, **values)
    db.session.rollback()
