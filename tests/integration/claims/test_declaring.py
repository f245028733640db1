"""Claims: declared by the company, put in the queue, withdrawn; and what is refused."""

from collections.abc import Iterator
from contextlib import nullcontext
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
from tests.factories import make_criterion, make_evidence, make_offer, make_user, make_vendor


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
        attribute_key="open_source",
        value=True,
        statement=" Code sous EUPL ",
        valid_from=date(2026, 1, 1),
        valid_until=date(2027, 1, 1),
        evidence_url="https://code.example/depot",
    )
    assert (claim.status, claim.awaits_verification) == (ClaimStatus.DECLARED, False)
    assert claim.statement == "Code sous EUPL"
    assert claim.attribute.key == "open_source"
    assert told == [offer.id]
    assert list(db.session.scalars(sa.select(AuditEntry.action))) == ["claim.declared", "evidence.added"]


def test_declare_claim_about_a_company_tells_of_its_published_offers(
    vendor: Organisation, member: User, told: list[int]
) -> None:
    make_criterion("sme", subject=CriterionSubject.ORGANISATION)
    shown = [make_offer(vendor), make_offer(vendor)]
    make_offer(vendor, status=OfferStatus.DRAFT, published_at=None)
    make_offer()
    services.declare_claim(actor_of(member), subject_of_organisation(vendor), attribute_key="sme", value=True)
    assert told == [offer.id for offer in shown]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"attribute_key": "inconnu"}, "attribute_key"),
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
    given = {"attribute_key": "open_source", "value": True, **values}
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
            actor_of(member), subject_of_organisation(vendor), attribute_key="secnumcloud", value=True
        )
    assert list(refused.value.fields) == ["attribute_key"]


def test_declare_claim_about_another_company_is_forbidden(member: User) -> None:
    make_criterion("open_source")
    with pytest.raises(Forbidden):
        services.declare_claim(
            actor_of(member), subject_of(make_offer()), attribute_key="open_source", value=True
        )


def test_declare_claim_about_free_software_is_for_imports(vendor: Organisation, member: User) -> None:
    make_criterion("open_source")
    offer = make_offer(kind=OfferKind.FREE_SOFTWARE)
    offer.organisation = None
    db.session.commit()
    with pytest.raises(Forbidden):
        services.declare_claim(actor_of(member), subject_of(offer), attribute_key="open_source", value=True)
    services.declare_claim(SYSTEM, subject_of(offer), attribute_key="open_source", value=True)
    assert len(offer.claims) == 1


def test_request_verification_puts_the_claim_in_the_queue(vendor: Organisation, member: User) -> None:
    claim = make_offer(vendor, facts={"open_source": ClaimStatus.DECLARED}).claims[0]
    with pytest.raises(InvalidTransition, match="Joignez d’abord une preuve"):
        services.request_verification(actor_of(member), claim)
    make_evidence(claim)
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


def test_withdrawn_claim_stays_as_history(vendor: Organisation, member: User, told: list[int]) -> None:
    offer = make_offer(vendor, facts={"open_source": ClaimStatus.VERIFIED})
    claim = offer.claims[0]
    services.withdraw_claim(actor_of(member), claim)
    assert (claim.status, claim.withdrawn_at) == (ClaimStatus.WITHDRAWN, now())
    entry = db.session.scalars(sa.select(AuditEntry)).one()
    assert (entry.action, entry.details["status"]) == ("claim.withdrawn", "verified")
    assert told == [offer.id]
    with pytest.raises(InvalidTransition):
        services.withdraw_claim(actor_of(member), claim)


def test_withdraw_claim_once_contradicted_is_refused(vendor: Organisation, member: User) -> None:
    offer = make_offer(vendor, facts={"open_source": ClaimStatus.CONTRADICTED})
    with pytest.raises(InvalidTransition):
        services.withdraw_claim(actor_of(member), offer.claims[0])


def test_a_yes_and_a_no_cannot_both_stand(vendor: Organisation, member: User) -> None:
    offer = make_offer(vendor, facts={"open_source": ClaimStatus.DECLARED})
    actor, subject = actor_of(member), subject_of(offer)
    with pytest.raises(RuleBroken) as refused:
        services.declare_claim(actor, subject, attribute_key="open_source", value=False)
    assert list(refused.value.fields) == ["value"]
    services.declare_claim(actor, subject, attribute_key="open_source", value=True)
    for claim in db.session.scalars(sa.select(Claim)):
        services.withdraw_claim(actor, claim)
    services.declare_claim(actor, subject, attribute_key="open_source", value=False)
    assert [claim.value for claim in offer.claims if claim.status is ClaimStatus.DECLARED] == [False]


def test_a_company_and_its_offer_cannot_say_the_contrary(vendor: Organisation, member: User) -> None:
    make_criterion("sme", subject=CriterionSubject.ORGANISATION)
    offer, actor = make_offer(vendor), actor_of(member)
    services.declare_claim(actor, subject_of_organisation(vendor), attribute_key="sme", value=True)
    with pytest.raises(RuleBroken):
        services.declare_claim(actor, subject_of(offer), attribute_key="sme", value=False)
    other = make_offer(vendor, facts={"open_source": ClaimStatus.DECLARED})
    make_criterion("open_source").subject = CriterionSubject.ORGANISATION
    with pytest.raises(RuleBroken):
        services.declare_claim(
            actor, subject_of_organisation(vendor), attribute_key="open_source", value=False
        )
    services.declare_claim(actor, subject_of(offer), attribute_key="open_source", value=False)
    assert other.claims[0].value


@pytest.mark.parametrize(
    ("first", "last", "refused"),
    [
        (date(2026, 11, 23), date(2026, 12, 31), True),
        (date(2026, 12, 31), None, True),
        (date(2027, 1, 1), None, False),
        (None, date(2026, 11, 30), True),
        (None, date(2026, 11, 29), False),
    ],
)
def test_contrary_claims_may_follow_one_another(
    vendor: Organisation, member: User, first: date | None, last: date | None, refused: bool
) -> None:
    make_criterion("open_source")
    actor, subject = actor_of(member), subject_of(make_offer(vendor))

    def declare(value: bool, first: date | None, last: date | None) -> None:
        services.declare_claim(
            actor, subject, attribute_key="open_source", value=value, valid_from=first, valid_until=last
        )

    declare(True, date(2026, 11, 30), date(2026, 12, 31))
    with pytest.raises(RuleBroken) if refused else nullcontext():
        declare(False, first, last)


def test_what_has_expired_contradicts_nothing(vendor: Organisation, member: User) -> None:
    offer = make_offer(vendor, facts={"open_source": ClaimStatus.DECLARED})
    offer.claims[0].valid_until = date(2026, 11, 21)
    services.declare_claim(actor_of(member), subject_of(offer), attribute_key="open_source", value=False)
    offer.claims[0].valid_until = date(2026, 11, 22)
    with pytest.raises(RuleBroken):
        services.declare_claim(actor_of(member), subject_of(offer), attribute_key="open_source", value=True)


def test_claim_already_expired_is_refused_unless_told_as_history(vendor: Organisation, member: User) -> None:
    make_criterion("open_source")
    actor, subject = actor_of(member), subject_of(make_offer(vendor))
    over = {"attribute_key": "open_source", "value": True, "valid_until": date(2026, 11, 21)}
    with pytest.raises(RuleBroken) as refused:
        services.declare_claim(actor, subject, **over)  # type: ignore[arg-type]  # the values come in a dict
    assert list(refused.value.fields) == ["valid_until"]
    services.declare_claim(actor, subject, **over, as_history=True)  # type: ignore[arg-type]  # the same
    last_day = {**over, "valid_until": date(2026, 11, 22)}
    services.declare_claim(actor, subject, **last_day)  # type: ignore[arg-type]  # the same


def test_finding_asks_for_evidence_it_has_not_examined(vendor: Organisation, member: User) -> None:
    offer = make_offer(vendor, facts={"open_source": ClaimStatus.CONTRADICTED})
    make_evidence(offer.claims[0], url="https://preuve.example/ancienne")
    actor, subject = actor_of(member), subject_of(offer)
    for url in ("", "https://preuve.example/ancienne"):
        with pytest.raises(RuleBroken) as refused:
            services.declare_claim(actor, subject, attribute_key="open_source", value=True, evidence_url=url)
        assert list(refused.value.fields) == ["evidence_file"]
    again = services.declare_claim(
        actor, subject, attribute_key="open_source", value=True, evidence_url="https://preuve.example/neuve"
    )
    assert (again.awaits_verification, again.status) == (True, ClaimStatus.DECLARED)
    corrected = services.declare_claim(
        actor, subject_of(make_offer(vendor)), attribute_key="open_source", value=False
    )
    assert not corrected.awaits_verification


def test_finding_can_be_answered_once_at_a_time(vendor: Organisation, member: User, told: list[int]) -> None:
    claim = make_offer(vendor, facts={"open_source": ClaimStatus.CONTRADICTED}).claims[0]
    with pytest.raises(RuleBroken) as refused:
        services.answer_finding(actor_of(member), claim, answer=" ", evidence_url="ftp://x")
    assert list(refused.value.fields) == ["answer", "evidence_url"]
    services.answer_finding(
        actor_of(member), claim, answer=" Voici le dépôt. ", evidence_url="https://code.example/depot"
    )
    assert (claim.answer, [one.url for one in claim.evidence]) == (
        "Voici le dépôt.",
        ["https://code.example/depot"],
    )
    assert (claim.awaits_verification, claim.status, claim.is_open) == (True, ClaimStatus.CONTRADICTED, True)
    with pytest.raises(InvalidTransition):
        services.answer_finding(actor_of(member), claim, answer="Encore")


def test_nothing_to_answer_without_a_finding(vendor: Organisation, member: User) -> None:
    claim = make_offer(vendor, facts={"open_source": ClaimStatus.VERIFIED}).claims[0]
    with pytest.raises(InvalidTransition):
        services.answer_finding(actor_of(member), claim, answer="Merci")
    with pytest.raises(Forbidden):
        services.answer_finding(actor_of(make_user(Role.VENDOR)), claim, answer="Moi aussi")


def test_withdraw_claim_of_another_company_is_forbidden(member: User) -> None:
    claim = make_offer(facts={"open_source": ClaimStatus.DECLARED}).claims[0]
    with pytest.raises(Forbidden):
        services.withdraw_claim(actor_of(member), claim)
