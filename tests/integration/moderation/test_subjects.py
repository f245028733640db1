"""New organisations, first offers and what is under review wait for a moderator; who is turned away is
told."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_mailman import Mail
from lxml import html

from app.accounts import services as accounts
from app.accounts.enums import Standing, VendorKind
from app.accounts.models import Organisation, User
from app.accounts.queries import actor_of
from app.accounts.services import passwords
from app.accounts.services.checking import same_domain
from app.accounts.services.organisations import is_siret
from app.core.db import db
from app.core.errors import InvalidTransition, RuleBroken
from app.events.enums import Side
from app.events.queries.delegations import organisations_without_delegation
from app.events.services import Terms, add_delegation
from app.moderation.enums import Decision
from app.moderation.services.subjects import decide
from app.needs.enums import NeedStatus
from app.needs.services import publish_need
from app.offers.enums import OfferStatus
from app.offers.models import Offer
from app.offers.services import publish_offer
from app.outbox.models import Mail as Row
from app.permissions import SYSTEM, VISITOR, Actor, Role
from tests.clients import IsolatedClient, another_client
from tests.factories import (
    PASSWORD,
    fresh_siren,
    make_administration,
    make_need,
    make_offer,
    make_user,
    make_vendor,
)
from tests.integration.events.factories import make_event

REASON = "Le service décrit n’existe pas encore."


def moderator() -> Actor:
    return actor_of(make_user(Role.MODERATOR))


def draft_of(vendor: Organisation) -> Offer:
    return make_offer(vendor, status=OfferStatus.DRAFT, published_at=None, version=0)


def sign_up(client: IsolatedClient, **values: str) -> Any:
    data = {
        "company": "Zéphyr Logiciels",
        "country": "FR",
        "siren": fresh_siren(),
        "website": "https://www.zephyr.example",
        "vendor_kind": "publisher",
        "vendor_size": "sme",
        "person": "Ada Témoin",
        "email": "ada@zephyr.example",
        "password": PASSWORD,
    }
    return client.post("/inscription", data=data | values)


@pytest.fixture
def mail(app: Flask) -> Mail:
    found: Mail = app.extensions["mailman"]
    found.outbox = []
    return found


@pytest.fixture(autouse=True)
def quick_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "hash_password", lambda password: "x" + password)


def confirm(client: IsolatedClient, mail: Mail, run_jobs: Callable[[], int]) -> None:
    run_jobs()
    link = re.findall(r"http\S+?(/confirmer-adresse/\S+)", mail.outbox[-1].body)[0]
    assert client.get(link).status_code == 200
    assert client.post(link).location == "/compte"
    assert client.get(link).status_code == 404


def only(model: type[Any]) -> Any:
    db.session.expire_all()
    return db.session.scalars(sa.select(model)).one()


def test_a_new_company_is_checked_by_the_domain_of_a_confirmed_address(
    client: IsolatedClient, mail: Mail, run_jobs: Callable[[], int]
) -> None:
    sign_up(client)
    assert only(Organisation).standing is Standing.WAITING
    assert "Adresse à confirmer" in client.get("/compte").text

    confirm(client, mail, run_jobs)

    organisation = only(Organisation)
    assert organisation.standing is Standing.ACTIVE
    assert "ada@zephyr.example" in organisation.check_evidence
    assert only(User).confirmed_at is not None
    assert "Adresse à confirmer" not in client.get("/compte").text


@pytest.mark.parametrize(
    "values", [{"website": ""}, {"website": "https://ailleurs.example"}, {"email": "zephyr@gmail.com"}]
)
def test_otherwise_it_waits_for_a_moderator(
    client: IsolatedClient, mail: Mail, run_jobs: Callable[[], int], values: dict[str, str]
) -> None:
    sign_up(client, **values)
    confirm(client, mail, run_jobs)
    assert only(Organisation).standing is Standing.WAITING


def test_a_name_that_looks_like_another_waits_whatever_the_domain(
    client: IsolatedClient, mail: Mail, run_jobs: Callable[[], int]
) -> None:
    known = make_vendor(name="ZEPHYR  Logiciels")
    sign_up(client)
    confirm(client, mail, run_jobs)
    new = db.session.scalars(sa.select(Organisation).where(Organisation.id != known.id)).one()
    db.session.refresh(new)
    assert new.standing is Standing.WAITING
    page = client.sign_in(make_user(Role.MODERATOR)).get(f"/moderation/dossiers/organisation/{new.id}")
    assert "Doublon possible" in page.text


@pytest.mark.parametrize(
    ("email", "website", "same"),
    [
        ("a@zephyr.example", "https://zephyr.example/fr", True),
        ("a@zephyr.example", "https://www.zephyr.example", True),
        ("a@lyon.zephyr.example", "https://zephyr.example", True),
        ("a@faux-zephyr.example", "https://zephyr.example", False),
        ("a@zephyr.example", "https://blog.zephyr.example", False),
        ("a@gmail.com", "https://gmail.com", False),
        ("a@zephyr.example", "", False),
        ("a@example", "https://example", False),
    ],
)
def test_same_domain(email: str, website: str, same: bool) -> None:
    assert same_domain(email, website) is same


def test_a_new_firm_is_shown_nowhere_before_its_check(client: IsolatedClient, app: Flask) -> None:
    sign_up(client)
    vendor = only(Organisation)
    offer = draft_of(vendor)
    member = actor_of(only(User))
    assert publish_offer(member, offer) is False
    db.session.commit()
    stranger = another_client(app)

    assert (offer.status, offer.standing) == (OfferStatus.DRAFT, Standing.WAITING)
    assert stranger.get(f"/offres/{offer.slug}").status_code == 404
    assert stranger.get(f"/fournisseurs/{vendor.slug}").status_code == 404
    assert vendor.name not in stranger.get("/fournisseurs").text
    event = make_event()
    assert vendor not in organisations_without_delegation(event.id)
    with pytest.raises(RuleBroken):
        add_delegation(SYSTEM, event, vendor, Terms(3), side=Side.VENDOR)
    with pytest.raises(InvalidTransition):
        decide(moderator(), offer, Decision.ACCEPT)


def test_the_first_offer_of_a_checked_vendor_waits_and_the_next_does_not(app: Flask) -> None:
    vendor = make_vendor(first_shown_at=None)
    member = actor_of(make_user(Role.VENDOR, vendor))
    first, second = draft_of(vendor), draft_of(vendor)
    assert publish_offer(member, first) is False
    with pytest.raises(InvalidTransition):
        publish_offer(member, first)
    assert first.status is OfferStatus.DRAFT

    decide(moderator(), first, Decision.ACCEPT)

    assert (first.status, first.standing) == (OfferStatus.PUBLISHED, Standing.ACTIVE)
    assert publish_offer(member, second) is True


def test_nothing_is_published_from_an_address_not_confirmed(app: Flask) -> None:
    ministry = make_administration()
    ambassador = actor_of(make_user(Role.AMBASSADOR, ministry, confirmed_at=None))
    need = make_need(ministry, status=NeedStatus.DRAFT, published_at=None, version=0)
    assert publish_need(ambassador, need) is False
    assert (need.status, need.standing) == (NeedStatus.DRAFT, Standing.WAITING)
    decide(moderator(), need, Decision.ACCEPT)
    assert need.status is NeedStatus.PUBLISHED


@pytest.mark.parametrize("decision", [Decision.RETURN, Decision.SUSPEND, Decision.DELIST])
def test_turning_away_takes_a_reason_and_is_told(
    client: IsolatedClient, app: Flask, decision: Decision
) -> None:
    vendor = make_vendor(first_shown_at=None)
    member = make_user(Role.VENDOR, vendor)
    offer = draft_of(vendor)
    publish_offer(actor_of(member), offer)
    db.session.commit()
    client.sign_in(make_user(Role.MODERATOR))
    address = f"/moderation/dossiers/offre/{offer.id}"

    without = client.post(address, data={"decision": decision.value, "reason": " "})
    assert without.status_code == 422
    assert "Dites pourquoi" in without.text
    assert client.post(address, data={"decision": decision.value, "reason": REASON}).status_code == 302

    db.session.refresh(offer)
    assert (offer.status, offer.standing_reason) == (OfferStatus.DRAFT, REASON)
    (letter,) = db.session.scalars(sa.select(Row))
    assert letter.recipient == member.email
    assert REASON in letter.body
    if decision is Decision.RETURN:
        assert publish_offer(actor_of(member), offer) is False
    else:
        with pytest.raises(InvalidTransition):
            publish_offer(actor_of(member), offer)


def test_a_delisted_offer_says_why_at_its_address_and_can_be_reopened(
    client: IsolatedClient, app: Flask
) -> None:
    offer = make_offer()
    decide(moderator(), offer, Decision.DELIST, reason=REASON)
    db.session.commit()
    answer = client.get(f"/offres/{offer.slug}")
    assert (answer.status_code, REASON in answer.text) == (404, True)
    assert offer.name not in client.get("/offres").text

    decide(moderator(), offer, Decision.REOPEN)
    db.session.commit()
    assert client.get(f"/offres/{offer.slug}").status_code == 200


def test_suspending_an_organisation_hides_what_it_shows_until_it_is_reopened(
    client: IsolatedClient, app: Flask
) -> None:
    vendor = make_vendor()
    shown, apart, draft = make_offer(vendor), make_offer(vendor), draft_of(vendor)
    decide(moderator(), apart, Decision.SUSPEND, reason="Autre raison.")
    decide(moderator(), vendor, Decision.SUSPEND, reason=REASON)
    db.session.commit()

    assert (shown.status, shown.standing) == (OfferStatus.WITHDRAWN, Standing.HELD)
    page = client.get(f"/fournisseurs/{vendor.slug}")
    assert (page.status_code, REASON in page.text) == (404, True)
    with pytest.raises(InvalidTransition):
        publish_offer(actor_of(make_user(Role.VENDOR, vendor)), draft)
    with pytest.raises(InvalidTransition):
        decide(moderator(), shown, Decision.REOPEN)

    decide(moderator(), vendor, Decision.REOPEN)
    db.session.commit()
    assert (shown.status, shown.standing) == (OfferStatus.PUBLISHED, Standing.ACTIVE)
    assert (apart.status, apart.standing) == (OfferStatus.WITHDRAWN, Standing.SUSPENDED)
    assert draft.status is OfferStatus.DRAFT


def test_a_suspended_need_is_hidden_and_comes_back(client: IsolatedClient, app: Flask) -> None:
    need = make_need()
    decide(moderator(), need, Decision.SUSPEND, reason=REASON)
    db.session.commit()
    assert client.get(f"/besoins/{need.id}").status_code == 404
    decide(moderator(), need, Decision.REOPEN)
    db.session.commit()
    assert client.get(f"/besoins/{need.id}").status_code == 200


def test_what_is_under_review_waits_until_the_review_ends(app: Flask) -> None:
    vendor = make_vendor()
    member = actor_of(make_user(Role.VENDOR, vendor))
    decide(moderator(), vendor, Decision.REVIEW)
    first, second = draft_of(vendor), draft_of(vendor)
    assert publish_offer(member, first) is False
    decide(moderator(), vendor, Decision.REOPEN)
    assert publish_offer(member, second) is True


def test_a_suspended_account_is_signed_out_and_told_and_can_be_reopened(
    client: IsolatedClient, app: Flask
) -> None:
    user, boss = make_user(Role.VENDOR), make_user(Role.MODERATOR)
    theirs = another_client(app).sign_in(user)
    client.sign_in(boss)
    address = f"/moderation/dossiers/compte/{user.id}"
    assert client.post(address, data={"decision": "suspendre", "reason": REASON}).status_code == 302
    assert theirs.get("/compte").status_code == 302
    assert [row.recipient for row in db.session.scalars(sa.select(Row))] == [user.email]
    assert "Suspendu" in client.get("/moderation/comptes", query_string={"q": user.email}).text
    assert client.post(address, data={"decision": "rouvrir"}).status_code == 302
    db.session.refresh(user)
    assert user.is_active is True
    with pytest.raises(InvalidTransition):
        decide(actor_of(boss), boss, Decision.SUSPEND, reason=REASON)


def test_the_queue_shows_what_waits_and_is_for_moderators(client: IsolatedClient, app: Flask) -> None:
    waiting = make_vendor(name="Nouvelle SAS", standing=Standing.WAITING)
    other = make_vendor(first_shown_at=None)
    offer = draft_of(other)
    publish_offer(actor_of(make_user(Role.VENDOR, other)), offer)
    page = client.sign_in(make_user(Role.MODERATOR)).get("/moderation/dossiers").text
    assert waiting.name in page
    assert offer.name in page
    for role in (Role.VENDOR, Role.AMBASSADOR, Role.ORGANISER):
        visitor = another_client(app).sign_in(make_user(role))
        assert visitor.get("/moderation/dossiers").status_code == 404
        assert visitor.get(f"/moderation/dossiers/organisation/{waiting.id}").status_code == 404
    assert client.get("/moderation/dossiers/autre/1").status_code == 404
    assert client.get("/moderation/dossiers/offre/999").status_code == 404


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("35600000009075", "356000000"), ("130 025 265 00013", "130025265"), ("356000000", "356000000")],
)
def test_a_siret_typed_for_a_siren_keeps_the_siren(app: Flask, typed: str, kept: str) -> None:
    assert accounts.clean_siren(typed) == kept


@pytest.mark.parametrize("typed", ["13002526500014", "35600000009076", "1300252650001", "55210055400014"])
def test_a_wrong_siret_is_refused(app: Flask, typed: str) -> None:
    assert is_siret(typed) is False
    with pytest.raises(RuleBroken):
        accounts.clean_siren(typed)


def test_sign_up_with_a_siret_says_what_is_kept(client: IsolatedClient) -> None:
    sign_up(client, siren="130 025 265 00013")
    assert "Vous avez donné un SIRET : son SIREN, 130025265, est retenu." in client.get("/compte").text
    assert only(Organisation).siren == "130025265"


def test_of_two_sign_ups_with_one_siren_at_once_one_wins_and_the_other_is_told(app: Flask) -> None:
    siren = fresh_siren()

    def attempt(number: int) -> tuple[int, str]:
        with app.app_context():
            answer = sign_up(another_client(app), siren=siren, email=f"p{number}@zephyr.example")
        return answer.status_code, answer.text

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(attempt, range(4)))

    assert sorted(status for status, _page in answers) == [302, 422, 422, 422]
    assert all("Cette entreprise est déjà inscrite" in page for status, page in answers if status == 422)
    assert db.session.scalar(sa.select(sa.func.count(Organisation.id))) == 1
    assert db.session.scalar(sa.select(sa.func.count(User.id))) == 1


def test_who_may_not_moderate_decides_nothing(app: Flask) -> None:
    for actor in (VISITOR, actor_of(make_user(Role.VENDOR)), actor_of(make_user(Role.ORGANISER))):
        with pytest.raises(Exception, match="Votre compte ne permet pas cette action"):
            decide(actor, make_vendor(), Decision.SUSPEND, reason=REASON)


def test_a_vendor_registered_by_hand_is_checked_at_once(app: Flask) -> None:
    made = accounts.register_vendor(
        SYSTEM, name="Importée", vendor_kind=VendorKind.PUBLISHER, siren=fresh_siren(), source="Fichier"
    )
    assert (made.standing, made.check_evidence) == (Standing.ACTIVE, "Fichier")


def form_answers(page: str) -> dict[str, Any]:
    """What the form that holds a description sends as it stands."""
    form = next(form for form in html.document_fromstring(page).forms if "description" in form.fields)
    answers: dict[str, Any] = {}
    for name, value in form.form_values():
        answers.setdefault(name, []).append(value)
    return answers


def test_a_draft_of_a_suspended_offer_or_need_is_kept_though_not_published(client: IsolatedClient) -> None:
    vendor, office = make_vendor(), make_administration()
    offer = draft_of(vendor)
    need = make_need(office, status=NeedStatus.DRAFT, published_at=None, version=0)
    for thing, role, address in (
        (offer, Role.VENDOR, f"/mes-offres/{offer.id}/modifier"),
        (need, Role.AMBASSADOR, f"/besoins/{need.id}/modifier"),
    ):
        decide(moderator(), thing, Decision.SUSPEND, reason=REASON)
        client.sign_in(make_user(role, vendor if role is Role.VENDOR else office))
        page = client.get(address).text
        sent = form_answers(page) | {"description": "Ce que l’on vient d’écrire.", "then": "publish"}

        answer = client.post(address, data=sent)

        assert answer.status_code == 302
        if thing is offer:
            page = client.get(answer.location).text
            assert "Le brouillon est enregistré, pas publié." in page
        else:  # what goes out is read first: it is there that it stops
            assert answer.location == f"/besoins/{need.id}/publier"
            page = client.post(answer.location).text
        assert REASON in page
        assert "Ce que l’on vient d’écrire." in client.get(address).text
        db.session.expire_all()
        assert thing.standing is Standing.SUSPENDED
