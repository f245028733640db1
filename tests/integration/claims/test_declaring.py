"""Claims: declared by the company, put in the queue, withdrawn; and what is refused."""

from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.models import Organisation, User
from app.accounts.queries import actor_of
from app.audit.models import AuditEntry
from app.claims import services
from app.claims.enums import ClaimStatus
from app.claims.models import Claim
from app.claims.queries import subject_of_organisation
from app.core.clock import now
from app.core.db import db
from app.core.errors import Forbidden, InvalidTransition, RuleBroken
from app.offers.enums import OfferKind, OfferStatus
from app.offers.queries import subject_of
from app.offers.signals import offer_changed
from app.permissions import SYSTEM, Role
from app.reference.enums import CriterionSubject
from tests.factories import make_criterion, make_offer, make_user, make_vendor


@pytest.fixture
def vendor(app: Flask) -> Organisation:
    return make_vendor()


@pytest.fixture
def member(vendor: Organisation) -> User:
    return make_user(Role.VENDOR, vendor)


@pytest.fixture
def told(app: Flask) -> Iterator[list[int]]:
    """Identifiers sent with `offer_changed`."""
    heard: list[int] = []

    def listen(offer_id: int) -> None:
        heard.append(offer_id)

    with offer_changed.connected_to(listen):
        yield heard


def test_declare_claim_about_an_offer(vendor: Organisation, member: User, told: list[int]) -> None:
    make_criterion("open_source")
    offer = make_offer(vendor)
    claim = services.declare_claim(
        actor_of(member),
        subject_of(offer),
        criterion_key="open_source",
        value=True,
        statement=" Code sous EUPL ",
        valid_from=date(2026, 1, 1),
        valid_until=date(2027, 1, 1),
        evidence_url="https://code.example/depot",
    )
    assert (claim.status, claim.awaits_verification) == (ClaimStatus.DECLARED, False)
    assert claim.statement == "Code sous EUPL"
    assert claim.criterion.key == "open_source"
    assert told == [offer.id]
    assert list(db.session.scalars(sa.select(AuditEntry.action))) == ["claim.declared"]


def test_declare_claim_about_a_company_tells_of_its_published_offers(
    vendor: Organisation, member: User, told: list[int]
) -> None:
    make_criterion("sme", subject=CriterionSubject.ORGANISATION)
    shown = [make_offer(vendor), make_offer(vendor)]
    make_offer(vendor, status=OfferStatus.DRAFT, published_at=None)
    make_offer()
    services.declare_claim(actor_of(member), subject_of_organisation(vendor), criterion_key="sme", value=True)
    assert told == [offer.id for offer in shown]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"criterion_key": "inconnu"}, "criterion_key"),
        ({"valid_from": date(2026, 2, 1), "valid_until": date(2026, 1, 31)}, "valid_until"),
        ({"evidence_url": "ftp://preuve"}, "evidence_url"),
        ({"issuer": "x" * 301}, "issuer"),
    ],
)
def test_declare_claim_with_a_wrong_value_names_its_field(
    vendor: Organisation, member: User, values: dict[str, object], field: str
) -> None:
    make_criterion("open_source")
    offer = make_offer(vendor)
    given = {"criterion_key": "open_source", "value": True, **values}
    with pytest.raises(RuleBroken) as refused:
        services.declare_claim(actor_of(member), subject_of(offer), **given)  # type: ignore[arg-type]  # the values come in a dict
    assert list(refused.value.fields) == [field]
    assert offer.claims == []


def test_declare_claim_about_a_company_refuses_what_qualifies_a_service(
    vendor: Organisation, member: User
) -> None:
    make_criterion("secnumcloud", subject=CriterionSubject.OFFER)
    with pytest.raises(RuleBroken) as refused:
        services.declare_claim(
            actor_of(member), subject_of_organisation(vendor), criterion_key="secnumcloud", value=True
        )
    assert list(refused.value.fields) == ["criterion_key"]


def test_declare_claim_about_another_company_is_forbidden(member: User) -> None:
    make_criterion("open_source")
    with pytest.raises(Forbidden):
        services.declare_claim(
            actor_of(member), subject_of(make_offer()), criterion_key="open_source", value=True
        )


def test_declare_claim_about_free_software_is_for_imports(vendor: Organisation, member: User) -> None:
    make_criterion("open_source")
    offer = make_offer(kind=OfferKind.FREE_SOFTWARE)
    offer.organisation = None
    db.session.commit()
    with pytest.raises(Forbidden):
        services.declare_claim(actor_of(member), subject_of(offer), criterion_key="open_source", value=True)
    services.declare_claim(SYSTEM, subject_of(offer), criterion_key="open_source", value=True)
    assert len(offer.claims) == 1


def test_request_verification_puts_the_claim_in_the_queue(vendor: Organisation, member: User) -> None:
    claim = make_offer(vendor, facts={"open_source": ClaimStatus.DECLARED}).claims[0]
    services.request_verification(actor_of(member), claim)
    assert claim.awaits_verification
    with pytest.raises(InvalidTransition):
        services.request_verification(actor_of(member), claim)


def test_request_verification_of_a_decided_or_expired_claim_is_refused(
    vendor: Organisation, member: User
) -> None:
    decided = make_offer(vendor, facts={"open_source": ClaimStatus.VERIFIED}).claims[0]
    expired = make_offer(vendor, facts={"open_source": ClaimStatus.DECLARED}).claims[0]
    expired.valid_until = date(2026, 11, 21)
    for claim in (decided, expired):
        with pytest.raises(InvalidTransition):
            services.request_verification(actor_of(member), claim)
        assert not claim.awaits_verification


def test_withdraw_claim_keeps_its_words_in_the_audit_log(
    vendor: Organisation, member: User, told: list[int]
) -> None:
    offer = make_offer(vendor, facts={"open_source": ClaimStatus.DECLARED})
    offer.claims[0].statement = "Code ouvert"
    services.withdraw_claim(actor_of(member), offer.claims[0])
    db.session.flush()
    assert db.session.scalar(sa.select(sa.func.count(Claim.id))) == 0
    entry = db.session.scalars(sa.select(AuditEntry)).one()
    assert (entry.action, entry.details["statement"]) == ("claim.withdrawn", "Code ouvert")
    assert told == [offer.id]


def test_withdraw_claim_once_refuted_is_refused(vendor: Organisation, member: User) -> None:
    offer = make_offer(vendor, facts={"open_source": ClaimStatus.REFUTED})
    offer.claims[0].decided_at = now()
    with pytest.raises(InvalidTransition):
        services.withdraw_claim(actor_of(member), offer.claims[0])


def test_withdraw_claim_of_another_company_is_forbidden(member: User) -> None:
    claim = make_offer(facts={"open_source": ClaimStatus.DECLARED}).claims[0]
    with pytest.raises(Forbidden):
        services.withdraw_claim(actor_of(member), claim)
