"""The author of a change calls it a correction; a moderator who reads it may rule otherwise."""

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.queries import actor_of
from app.claims.enums import ClaimStatus, Verdict
from app.claims.models import Claim
from app.content.enums import Nature
from app.core.db import db
from app.core.errors import Forbidden, InvalidTransition, NotFound, RuleBroken
from app.moderation.queries.corrections import get_correction
from app.moderation.services.claims import decide_claim
from app.moderation.services.corrections import rule_on_correction
from app.offers.models import CorrectionRuling, Offer
from app.offers.queries.corrections import waiting_corrections
from app.offers.services import edit_offer
from app.outbox.models import Mail
from app.permissions import SYSTEM, Actor, Role
from tests.clients import IsolatedClient
from tests.factories import make_offer, make_user, make_vendor

REWRITTEN = "Hébergé désormais chez un autre prestataire, dans un autre pays, avec une autre équipe."


@pytest.fixture
def moderator(app: Flask) -> Actor:
    return actor_of(make_user(Role.MODERATOR))


def corrected(**content: str) -> Offer:
    """An offer of a company with people, one of whose claims is verified, then "corrected"."""
    vendor = make_vendor()
    make_user(Role.VENDOR, vendor)
    offer = make_offer(
        organisation=vendor, facts={"open_source": ClaimStatus.VERIFIED, "sme": ClaimStatus.DECLARED}
    )
    edit_offer(SYSTEM, offer, nature=Nature.CORRECTION, **(content or {"hosting": REWRITTEN}))  # type: ignore[arg-type]
    db.session.commit()
    return offer


def states(offer: Offer) -> list[ClaimStatus]:
    db.session.expire_all()
    return [claim.status for claim in offer.claims]


def test_a_correction_overruled_puts_what_was_verified_to_confirm(moderator: Actor) -> None:
    offer = corrected()
    assert states(offer) == [ClaimStatus.VERIFIED, ClaimStatus.DECLARED]
    assert [(row.number, item.id) for row, item in waiting_corrections(5)] == [(offer.version, offer.id)]

    assert (
        rule_on_correction(moderator, offer, offer.version, Nature.SUBSTANTIVE, reason="L’hébergeur change.")
        == 1
    )
    db.session.commit()

    assert states(offer) == [ClaimStatus.TO_CONFIRM, ClaimStatus.DECLARED]
    assert [(label, after) for label, _before, after in offer.claims[0].changes] == [
        ("Hébergement", REWRITTEN)
    ]
    assert waiting_corrections(5) == []
    mail = db.session.scalars(sa.select(Mail)).one()
    assert "L’hébergeur change." in mail.body


def test_a_correction_confirmed_changes_nothing_and_waits_no_more(moderator: Actor) -> None:
    offer = corrected()
    assert rule_on_correction(moderator, offer, offer.version, Nature.CORRECTION, reason="") == 0
    db.session.commit()
    assert states(offer) == [ClaimStatus.VERIFIED, ClaimStatus.DECLARED]
    assert waiting_corrections(5) == []
    assert db.session.scalars(sa.select(Mail)).all() == []


def test_a_ruling_is_made_once_with_a_reason_by_a_moderator_about_a_correction(moderator: Actor) -> None:
    offer = corrected()
    number = offer.version
    with pytest.raises(RuleBroken) as refused:
        rule_on_correction(moderator, offer, number, Nature.SUBSTANTIVE, reason=" ")
    assert list(refused.value.fields) == ["reason"]
    with pytest.raises(Forbidden):
        rule_on_correction(actor_of(make_user(Role.VENDOR)), offer, number, Nature.SUBSTANTIVE, reason="Non.")
    rule_on_correction(moderator, offer, number, Nature.SUBSTANTIVE, reason="Si.")
    with pytest.raises(InvalidTransition):
        rule_on_correction(moderator, offer, number, Nature.CORRECTION, reason="")
    edit_offer(SYSTEM, offer, nature=Nature.SUBSTANTIVE, hosting="Ailleurs encore.")
    with pytest.raises(InvalidTransition):
        rule_on_correction(moderator, offer, offer.version, Nature.SUBSTANTIVE, reason="Si.")
    with pytest.raises(NotFound):
        get_correction(moderator, offer.id, 1)
    with pytest.raises(NotFound):
        get_correction(actor_of(make_user(Role.VENDOR)), offer.id, number)


def test_what_was_verified_on_the_corrected_version_stays_verified(moderator: Actor) -> None:
    offer = corrected()
    number = offer.version
    claim = offer.claims[1]
    decide_claim(moderator, claim, verdict=Verdict.VERIFIED, reason="Lu sur la version corrigée.")
    assert claim.offer_version == number
    assert rule_on_correction(moderator, offer, number, Nature.SUBSTANTIVE, reason="L’hébergeur change.") == 1
    assert states(offer) == [ClaimStatus.TO_CONFIRM, ClaimStatus.VERIFIED]


def test_a_correction_of_what_no_claim_rests_on_has_nothing_confirmed(moderator: Actor) -> None:
    offer = corrected(price_note="Au mois")
    assert rule_on_correction(moderator, offer, offer.version, Nature.SUBSTANTIVE, reason="Le prix.") == 0
    assert states(offer) == [ClaimStatus.VERIFIED, ClaimStatus.DECLARED]


def test_a_second_change_is_added_to_what_a_moderator_reads_before_confirming(moderator: Actor) -> None:
    offer = make_offer(facts={"open_source": ClaimStatus.VERIFIED})
    edit_offer(SYSTEM, offer, hosting=REWRITTEN)
    edit_offer(SYSTEM, offer, subcontractors="Une autre société")
    claim = offer.claims[0]
    assert [label for label, _before, _after in claim.changes] == ["Hébergement", "Sous-traitants"]
    decide_claim(moderator, claim, verdict=Verdict.VERIFIED, reason="Relu.", seen_version=offer.version)
    assert (claim.offer_version, claim.changes) == (offer.version, [])


def test_a_decision_on_a_version_that_was_replaced_is_refused(moderator: Actor) -> None:
    offer = make_offer(facts={"open_source": ClaimStatus.TO_CONFIRM})
    seen = offer.version
    edit_offer(SYSTEM, offer, hosting=REWRITTEN)
    claim = offer.claims[0]
    with pytest.raises(RuleBroken, match="relisez"):
        decide_claim(moderator, claim, verdict=Verdict.VERIFIED, reason="Lu.", seen_version=seen)
    assert claim.status is ClaimStatus.TO_CONFIRM


def test_the_pages_list_show_and_decide(client: IsolatedClient) -> None:
    offer = corrected()
    client.sign_in(make_user(Role.MODERATOR))
    address = f"/moderation/corrections/{offer.id}/{offer.version}"
    assert address in client.get("/moderation/dossiers").text
    page = client.get(address).text
    assert "Hébergement" in page
    assert "C’est un changement de fond" in page
    refused = client.post(address, data={"nature": "substantive", "reason": " "})
    assert refused.status_code == 422
    sent = client.post(address, data={"nature": "substantive", "reason": "L’hébergeur change."})
    assert (sent.status_code, sent.location) == (302, "/moderation/dossiers")
    assert "1 attestation est à confirmer" in client.get("/moderation/dossiers").text
    assert "L’hébergeur change." in client.get(address).text
    assert client.post(address, data={"nature": "correction"}).status_code == 409
    assert db.session.scalars(sa.select(CorrectionRuling.nature)).one() is Nature.SUBSTANTIVE


def test_the_form_of_a_decision_carries_the_version_that_is_shown(client: IsolatedClient) -> None:
    offer = make_offer(facts={"open_source": ClaimStatus.TO_CONFIRM})
    client.sign_in(make_user(Role.MODERATOR))
    address = f"/moderation/attestations/{offer.claims[0].id}"
    assert f'name="seen_version" type="hidden" value="{offer.version}"' in client.get(address).text
    stale = {"verdict": "verified", "reason": "Lu.", "seen_version": offer.version + 1}
    assert client.post(address, data=stale).status_code == 422
    fresh = stale | {"seen_version": offer.version}
    assert client.post(address, data=fresh).status_code == 302
    assert db.session.scalars(sa.select(Claim.status)).one() is ClaimStatus.VERIFIED
