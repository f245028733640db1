"""What a run keeps of its criteria: the evidence of each answer, and what they exclude alone and together."""

from datetime import date

from flask import Flask

from app.claims.enums import ClaimStatus
from app.core.db import db, unit_of_work
from app.core.jobs import enqueue_once
from app.matchmaking.presenters.proposals import ProposalPage, proof_of, remedy_text
from app.matchmaking.services.indexing import reindex_all
from app.matchmaking.services.proposals import propose_offers
from app.needs.enums import RequiredLevel
from app.offers.enums import OfferKind
from app.permissions import SYSTEM, Role
from tests.clients import IsolatedClient
from tests.factories import make_criterion, make_evidence, make_need, make_offer, make_user


def test_each_answer_keeps_its_evidence(app: Flask) -> None:
    need = make_need(requires={"open_source": RequiredLevel.VERIFIED})
    proved = make_offer(facts={"open_source": ClaimStatus.VERIFIED})
    declared = make_offer(facts={"open_source": ClaimStatus.DECLARED})
    make_offer()
    with unit_of_work():
        [claim] = proved.claims
        claim.issuer, claim.statement = "Un laboratoire", "Code publié"
        claim.valid_until = date(2099, 1, 31)
        make_evidence(claim, url="https://preuves.example/licence")
    reindex_all()
    decided = claim.decided_at
    assert decided is not None
    run = propose_offers(SYSTEM, need)
    [outcome] = run.proposals[0].explanation["outcomes"]
    assert proof_of(outcome) == {
        "state": "verified",
        "offer_version": None,
        "statement": "Code publié",
        "issuer": "Un laboratoire",
        "scope": "",
        "said_on": decided.date(),
        "valid_until": date(2099, 1, 31),
        "evidence_url": "https://preuves.example/licence",
        "documents": 0,
    }
    assert remedy_text(outcome) == ""
    near = {miss["offer_id"]: miss["failing"] for miss in run.near_misses}
    assert proof_of(near.pop(declared.id)) is not None
    [silent] = near.values()
    assert (proof_of(silent), remedy_text(silent)) == (
        None,
        "Une déclaration vérifiée avec sa preuve suffirait.",
    )


def test_criteria_that_exclude_only_together_are_told(app: Flask) -> None:
    asked = dict.fromkeys(("open_source", "sme"), RequiredLevel.DECLARED)
    need = make_need(requires=asked)
    make_offer(facts={"sme": ClaimStatus.DECLARED})
    for _ in range(2):
        make_offer()
    with unit_of_work():
        reindex_all()
    run = propose_offers(SYSTEM, need)
    db.session.flush()
    market = run.exclusions["market"]
    assert market["per_criterion"] == {"open_source": 3, "sme": 2}
    assert market["alone"] == {"open_source": 1, "sme": 0}
    assert market["together"] == [[["open_source", "sme"], 2]]
    criteria = {key: make_criterion(key) for key in asked}
    page = ProposalPage(run, criteria, near_offers={}, shortlisted=set(), verdicts={})
    labels = [f"« {criteria[key].label} »" for key in asked]
    assert page.together(OfferKind.MARKET) == [(f"{labels[0]} et {labels[1]}", 2)]


def test_proposals_on_their_way_are_said_so(app: Flask, client: IsolatedClient) -> None:
    need = make_need()
    client.sign_in(make_user(Role.AMBASSADOR, need.organisation))
    path = f"/besoins/{need.id}/propositions"
    assert "Aucune recherche pour l’instant" in client.get(path).text
    with unit_of_work():
        enqueue_once("refresh_runs")
    page = client.get(path).text
    assert "Propositions en préparation" in page
    assert "Aucune recherche" not in page
    polled = {"HX-Request": "true"}
    assert client.get(path, headers=polled).text.lstrip().startswith('<div class="td-progress" id="coming"')
    client.post(f"/besoins/{need.id}/propositions")
    assert client.get(path, headers=polled).headers["HX-Refresh"] == "true"
