"""The SecNumCloud registry decides both ways, and says why."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.queries import actor_of
from app.claims.enums import ClaimStatus, Verdict
from app.claims.models import Claim, ProposedDecision
from app.core import clock
from app.core.clock import now
from app.core.db import db
from app.moderation.enums import ImportKind
from app.moderation.services.claims import decide_claim
from app.moderation.services.imports.run import run_import
from app.moderation.services.registries import review_claims
from app.outbox.models import Mail
from app.permissions import Actor, Role
from app.reference.models import QualifiedService
from tests.factories import make_evidence, make_offer, make_user, make_vendor

HEADER = "provider,service_name,scope,status,valid_until\n"
EXACT = "Nuage Bleu,Nuage Bleu Postes,SaaS,qualified,2027-06-30\n"
HOST = "Nuage Bleu,Nuage Bleu Socle,IaaS,qualified,2026-11-30\n"


@pytest.fixture
def moderator(app: Flask) -> Actor:
    return actor_of(make_user(Role.MODERATOR))


@pytest.fixture
def claim(app: Flask) -> Claim:
    vendor = make_vendor(name="Nuage Bleu")
    make_user(Role.VENDOR, vendor)
    facts = {"secnumcloud": ClaimStatus.DECLARED}
    return make_offer(vendor, name="Nuage Bleu Postes", facts=facts).claims[0]


def imported(moderator: Actor, *rows: str) -> list[str]:
    report = run_import(moderator, ImportKind.SECNUMCLOUD, (HEADER + "".join(rows)).encode(), dry_run=False)
    assert report.refused == []
    return report.notes


def test_what_it_bears_out_is_verified_only_when_asked(moderator: Actor, claim: Claim) -> None:
    assert imported(moderator, EXACT) == []
    assert claim.status is ClaimStatus.DECLARED
    claim.awaits_verification = True
    [note] = imported(moderator, EXACT)
    assert "Nuage Bleu Postes : attestation vérifiée" in note
    assert (claim.status, claim.decided_by_id) == (ClaimStatus.VERIFIED, None)
    assert "30 juin 2027" in claim.decision_reason
    assert imported(moderator, EXACT) == []


def test_hosted_on_a_qualified_service_is_not_qualified(moderator: Actor, claim: Claim) -> None:
    [note] = imported(moderator, HOST)
    assert (claim.status, claim.found) == (ClaimStatus.CONTRADICTED, False)
    for text in ("Nuage Bleu Socle", "IaaS", "30 novembre 2026", "n’est pas une qualification"):
        assert text in claim.decision_reason
        assert text in note
    [mail] = db.session.scalars(sa.select(Mail))
    assert claim.decision_reason in mail.body
    assert imported(moderator, HOST) == []
    [note] = imported(moderator, HOST, EXACT)
    assert claim.status is ClaimStatus.VERIFIED


def test_a_host_of_another_provider_that_the_claim_names_is_said(moderator: Actor, app: Flask) -> None:
    claim = make_offer(facts={"secnumcloud": ClaimStatus.VERIFIED}).claims[0]
    claim.statement = "Hébergé sur Nuage Bleu Socle, qualifié."
    imported(moderator, HOST)
    assert "qualifie Nuage Bleu Socle de Nuage Bleu" in claim.decision_reason
    assert claim.status is ClaimStatus.CONTRADICTED


def test_a_name_it_does_not_hold_proves_nothing(moderator: Actor, app: Flask) -> None:
    claim = make_offer(facts={"secnumcloud": ClaimStatus.VERIFIED}).claims[0]
    assert imported(moderator, HOST) == []
    assert claim.status is ClaimStatus.VERIFIED


def test_what_vanished_is_withdrawn_unless_the_file_is_a_part(moderator: Actor, claim: Claim) -> None:
    third = "Autre,Autre Service,PaaS,qualified,2027-01-01\n"
    imported(moderator, EXACT, HOST, third)
    notes = imported(moderator, third)
    assert ["partie du registre" in note for note in notes] == [True]
    notes = imported(moderator, HOST, third)
    assert "Nuage Bleu Postes (Nuage Bleu)" in notes[0]
    assert "ne qualifie plus Nuage Bleu Postes" in notes[1]
    assert claim.status is ClaimStatus.CONTRADICTED
    gone = sa.select(QualifiedService.status).where(QualifiedService.service_name == "Nuage Bleu Postes")
    assert db.session.scalar(gone) == "withdrawn"


def test_midnight_ends_a_qualification(moderator: Actor, claim: Claim) -> None:
    imported(moderator, EXACT)
    day = date(2027, 7, 1) - clock.today()
    with clock.fixed_at(now() + timedelta(days=day.days - 1)):
        assert review_claims() == []
    with clock.fixed_at(now() + timedelta(days=day.days)):
        [note] = review_claims()
        assert "terminée le 30 juin 2027" in note
        assert review_claims() == []


def test_verifying_against_the_registry_takes_two(moderator: Actor, claim: Claim) -> None:
    make_evidence(claim)
    assert decide_claim(moderator, claim, verdict=Verdict.VERIFIED, reason="Certificat lu.") is False
    assert (claim.status, claim.awaits_verification) == (ClaimStatus.DECLARED, True)
    assert claim.proposed is not None
    assert "ne nomme ni ce fournisseur" in claim.proposed.why
    other = actor_of(make_user(Role.MODERATOR))
    assert decide_claim(other, claim, verdict=Verdict.VERIFIED, reason="Certificat lu.") is True
    db.session.commit()
    assert db.session.scalars(sa.select(ProposedDecision)).all() == []
    assert db.session.scalars(sa.select(Claim.status)).all() == [ClaimStatus.VERIFIED]
