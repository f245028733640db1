"""Contests: whoever is signed in, with evidence; the vendor answers; two moderators decide."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.models import User
from app.accounts.queries import actor_of
from app.claims import services
from app.claims.enums import ClaimStatus, ContestStatus
from app.claims.models import Claim, Contest
from app.core import clock
from app.core.clock import now
from app.core.db import db
from app.core.errors import Forbidden, InvalidTransition, RuleBroken
from app.outbox.models import Mail
from app.permissions import Actor, Role
from tests.clients import IsolatedClient, another_client
from tests.factories import make_offer, make_user

PROOF = "https://presse.example/article"


@pytest.fixture
def claim(app: Flask) -> Claim:
    offer = make_offer(facts={"open_source": ClaimStatus.VERIFIED})
    return offer.claims[0]


@pytest.fixture
def author(claim: Claim) -> User:
    return make_user(Role.AMBASSADOR, name="Anne Onyme")


def moderator() -> Actor:
    return actor_of(make_user(Role.MODERATOR))


def contested(claim: Claim, author: User) -> Contest:
    return services.contest_claim(actor_of(author), claim, reason="Le dépôt est privé.", url=PROOF)


def test_a_contest_takes_evidence_and_tells_the_vendor(claim: Claim, author: User) -> None:
    member = make_user(Role.VENDOR, claim.organisation)
    with pytest.raises(RuleBroken) as refused:
        services.contest_claim(actor_of(author), claim, reason="Faux")
    assert list(refused.value.fields) == ["evidence_file"]
    contest = contested(claim, author)
    assert (claim.status, claim.evidence) == (ClaimStatus.VERIFIED, [])
    assert [piece.url for piece in contest.pieces] == [PROOF]
    assert list(db.session.scalars(sa.select(Mail.recipient))) == [member.email]
    with pytest.raises(InvalidTransition, match="attend déjà"):
        contested(claim, author)
    with pytest.raises(InvalidTransition, match="votre organisation"):
        contested(claim, member)


def test_two_moderators_contradict_after_the_vendor_could_answer(claim: Claim, author: User) -> None:
    member = actor_of(make_user(Role.VENDOR, claim.organisation))
    contest, first, second = contested(claim, author), moderator(), moderator()
    with pytest.raises(InvalidTransition, match="attendez sa réponse"):
        services.uphold_contest(first, claim, contest, reason="Vu.")
    services.answer_contest(member, claim, contest, answer=" Il vient de rouvrir. ")
    assert services.uphold_contest(first, claim, contest, reason="Vu.") is False
    with pytest.raises(InvalidTransition, match="second modérateur"):
        services.uphold_contest(first, claim, contest, reason="Vu.")
    assert claim.status is ClaimStatus.VERIFIED
    assert services.uphold_contest(second, claim, contest, reason=" Le dépôt est fermé. ") is True
    assert (claim.status, claim.found, claim.decision_reason) == (
        ClaimStatus.CONTRADICTED,
        False,
        "Le dépôt est fermé.",
    )
    assert (contest.status, contest.answer) == (ContestStatus.UPHELD, "Il vient de rouvrir.")
    with pytest.raises(InvalidTransition):
        services.dismiss_contest(first, claim, contest, reason="Non.")
    with pytest.raises(InvalidTransition):
        contested(claim, make_user(Role.AMBASSADOR))


def test_silence_for_ten_days_is_enough(claim: Claim, author: User) -> None:
    contest = contested(claim, author)
    with clock.fixed_at(now() + timedelta(days=10)):
        assert services.uphold_contest(moderator(), claim, contest, reason="Vu.") is False


def test_nobody_decides_on_their_own_contest_or_their_own_claim(claim: Claim, author: User) -> None:
    judge = make_user(Role.MODERATOR)
    own = services.contest_claim(actor_of(judge), claim, reason="Faux.", url=PROOF)
    with pytest.raises(Forbidden, match="la vôtre"):
        services.dismiss_contest(actor_of(judge), claim, own, reason="Non.")
    insider = actor_of(make_user(Role.MODERATOR, claim.organisation))
    with pytest.raises(Forbidden, match="votre organisation"):
        services.dismiss_contest(insider, claim, own, reason="Non.")


def test_contest_from_page_to_page_and_no_name_is_shown(
    app: Flask, client: IsolatedClient, claim: Claim, author: User
) -> None:
    slug = db.session.execute(
        sa.text("select slug from offer where id = :id"), {"id": claim.offer_id}
    ).scalar()
    visitor, member = another_client(app), another_client(app)
    member.sign_in(make_user(Role.VENDOR, claim.organisation))
    assert f"/attestations/{claim.id}/contester" not in visitor.get(f"/offres/{slug}").text
    page = client.sign_in(author).get(f"/offres/{slug}").text
    assert f"/attestations/{claim.id}/contester" in page
    asked = client.get(f"/attestations/{claim.id}/contester").text
    assert f'href="/offres/{slug}">Annuler' in asked
    assert asked.index('name="reason"') < asked.index('name="evidence_file"')
    sent = {"reason": "Le dépôt est privé.", "evidence_url": "", "evidence_title": "Article"}
    address = f"/attestations/{claim.id}/contester"
    refused = client.post(address, data=sent)
    assert (refused.status_code, "Le dépôt est privé." in refused.text) == (422, True)
    done = client.post(address, data={**sent, "evidence_url": PROOF})
    assert (done.status_code, done.location) == (302, f"/offres/{slug}")
    [contest] = db.session.scalars(sa.select(Contest))
    assert "Contestée, en examen" in visitor.get(f"/offres/{slug}").text
    answer = f"/contestations/{contest.id}/repondre"
    assert answer in member.get(f"/mes-offres/{claim.offer_id}/attestations").text
    assert "Le dépôt est privé." in member.get(answer).text
    assert member.post(answer, data={"answer": "Il est public."}).status_code == 302
    judge = another_client(app).sign_in(make_user(Role.MODERATOR))
    assert f"/moderation/contestations/{contest.id}" in judge.get("/moderation").text
    decision = {"verdict": "ecartee", "reason": "Le dépôt se lit."}
    assert judge.post(f"/moderation/contestations/{contest.id}", data=decision).status_code == 302
    shown = visitor.get(f"/offres/{slug}").text
    for text in ("Contestation écartée", "Le dépôt se lit.", "Il est public."):
        assert text in shown
    for hidden in (author.name, author.email, "Le dépôt est privé.", PROOF):
        assert hidden not in shown
    piece = contest.pieces[0]
    opened = [one.get(f"/preuves/{piece.id}").status_code for one in (visitor, client, member, judge)]
    assert opened == [404, 302, 302, 302]
    stranger = another_client(app).sign_in(make_user(Role.AMBASSADOR))
    assert stranger.get(f"/preuves/{piece.id}").status_code == 404
