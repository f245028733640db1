"""Writing offers: who may, what is refused, what others are told."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.models import Organisation, User
from app.accounts.queries import actor_of
from app.audit.models import AuditEntry
from app.claims.enums import ClaimStatus
from app.content.enums import Nature
from app.content.queries import get_version, working_content
from app.content.services import EditConflict, Seen
from app.core.db import db
from app.core.errors import Forbidden, InvalidTransition, RuleBroken
from app.offers import services
from app.offers.enums import OfferKind, OfferStatus
from app.offers.models import Offer
from app.offers.signals import offer_changed
from app.offers.spec import OFFER
from app.permissions import SYSTEM, VISITOR, Role
from tests.factories import make_administration, make_category, make_offer, make_user, make_vendor

DESCRIPTION = "Une messagerie de groupe, hébergée en France et ouverte aux partenaires."


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


def actions() -> list[str]:
    return list(db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)))


def test_create_offer_makes_a_draft_and_tells(vendor: Organisation, member: User, told: list[int]) -> None:
    make_category("48000000")
    offer = services.create_offer(
        actor_of(member),
        organisation=vendor,
        name="  Parlons  ",
        summary="Messagerie",
        description=DESCRIPTION,
        categories=["48000000"],
        licence="agpl-3.0-only",
        website="https://parlons.example",
        lead_time_days=10,
    )
    assert (offer.status, offer.kind, offer.name, offer.slug) == (
        OfferStatus.DRAFT,
        OfferKind.MARKET,
        "Parlons",
        "parlons",
    )
    assert offer.licence == "AGPL-3.0-only"
    assert [category.code for category in offer.categories] == ["48000000"]
    assert told == [offer.id]
    assert actions() == ["offer.created"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " "}, "name"),
        ({"licence": "ma licence"}, "licence"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"lead_time_days": -1}, "lead_time_days"),
        ({"circle": 1}, "circle"),
        ({"categories": ["99999999"]}, "categories"),
        ({"summary": "x" * 501}, "summary"),
    ],
)
def test_create_offer_with_a_wrong_value_names_its_field(
    vendor: Organisation, member: User, values: dict[str, object], field: str
) -> None:
    with pytest.raises(RuleBroken) as refused:
        services.create_offer(actor_of(member), organisation=vendor, **{"name": "Parlons", **values})  # type: ignore[arg-type]  # the values come in a dict
    assert list(refused.value.fields) == [field]


def test_create_offer_names_every_field_at_fault(vendor: Organisation, member: User) -> None:
    with pytest.raises(RuleBroken) as refused:
        services.create_offer(
            actor_of(member), organisation=vendor, name="", licence="inconnue?", categories=["1"]
        )
    assert list(refused.value.fields) == ["name", "licence", "categories"]


def test_create_offer_for_another_company_is_forbidden(member: User) -> None:
    with pytest.raises(Forbidden):
        services.create_offer(actor_of(member), organisation=make_vendor(), name="Parlons")


def test_create_offer_by_a_visitor_is_forbidden(vendor: Organisation) -> None:
    with pytest.raises(Forbidden):
        services.create_offer(VISITOR, organisation=vendor, name="Parlons")


def test_create_free_software_by_a_vendor_is_forbidden(vendor: Organisation, member: User) -> None:
    with pytest.raises(Forbidden):
        services.create_offer(actor_of(member), organisation=vendor, name="GNU", kind=OfferKind.FREE_SOFTWARE)


def test_create_mutualised_by_a_moderator_keeps_its_circle(app: Flask) -> None:
    moderator = make_user(Role.MODERATOR)
    offer = services.create_offer(
        actor_of(moderator),
        organisation=make_administration(),
        kind=OfferKind.MUTUALISED,
        name="Tchap",
        circle=1,
        import_key="state:tchap",
    )
    assert (offer.circle, offer.import_key) == (1, "state:tchap")


def test_create_offer_refuses_an_owner_of_the_wrong_kind(app: Flask) -> None:
    with pytest.raises(RuleBroken):
        services.create_offer(SYSTEM, organisation=make_administration(), name="Parlons")
    with pytest.raises(RuleBroken):
        services.create_offer(SYSTEM, organisation=make_vendor(), name="Tchap", kind=OfferKind.MUTUALISED)


def test_edit_offer_changes_only_what_is_given(vendor: Organisation, member: User, told: list[int]) -> None:
    offer = make_offer(vendor, summary="Avant", price_note="10 €")
    changed = services.edit_offer(actor_of(member), offer, summary="Après")
    assert changed
    assert (offer.summary, offer.price_note, offer.version) == ("Après", "10 €", 2)
    assert told == [offer.id]


def test_edit_offer_without_a_difference_changes_nothing(
    vendor: Organisation, member: User, told: list[int]
) -> None:
    offer = make_offer(vendor, summary="Avant")
    assert not services.edit_offer(actor_of(member), offer, summary="Avant")
    assert (offer.version, told, actions()) == (1, [], [])


def test_edit_offer_of_its_categories_alone_raises_the_version(vendor: Organisation, member: User) -> None:
    make_category("72000000")
    offer = make_offer(vendor)
    services.edit_offer(actor_of(member), offer, categories=["72000000"])
    assert offer.version == 2


def test_the_second_editor_is_told(vendor: Organisation, member: User) -> None:
    offer = make_offer(vendor)
    seen = Seen(offer.revision, OFFER.content_of(offer))
    services.save_offer(actor_of(member), offer, seen.content | {"summary": "La première"}, seen=seen)
    with pytest.raises(EditConflict) as refused:
        services.save_offer(actor_of(member), offer, seen.content | {"summary": "La seconde"}, seen=seen)
    assert refused.value.merge.contested == ("summary",)


def test_a_published_offer_changes_only_at_its_publication(
    vendor: Organisation, member: User, told: list[int]
) -> None:
    offer, actor = make_offer(vendor, summary="Avant"), actor_of(member)
    services.save_offer(actor, offer, OFFER.content_of(offer) | {"summary": "Après", "hosting": "À Lyon"})
    assert (offer.summary, offer.version, told) == ("Avant", 1, [])
    services.publish_offer(actor, offer, note="Plus clair", nature=Nature.CORRECTION)
    assert (offer.summary, offer.hosting, offer.version, told) == ("Après", "À Lyon", 2, [offer.id])
    row = get_version(OFFER, offer, 2)
    assert (row.note, row.nature, row.content) == ("Plus clair", Nature.CORRECTION, OFFER.content_of(offer))


def test_a_draft_nobody_can_publish_is_kept(vendor: Organisation, member: User) -> None:
    offer, actor = make_offer(vendor), actor_of(member)
    unfinished = {"name": "", "licence": "?", "lead_time_days": -4, "website": "x"}
    services.autosave_offer(actor, offer, OFFER.content_of(offer) | unfinished, None)
    with pytest.raises(RuleBroken) as refused:
        services.publish_offer(actor, offer)
    assert sorted(refused.value.fields) == sorted(unfinished)


def test_an_import_beside_a_draft_keeps_both(vendor: Organisation, member: User) -> None:
    offer = make_offer(vendor)
    services.save_offer(actor_of(member), offer, OFFER.content_of(offer) | {"price_note": "4 €"})
    assert services.edit_offer(SYSTEM, offer, summary="Importé", note="Import")
    assert (offer.version, offer.summary, offer.price_note) == (2, "Importé", "")
    draft = working_content(OFFER, offer)
    assert (draft["summary"], draft["price_note"]) == ("Importé", "4 €")


def test_a_copy_is_a_draft_without_attestations(vendor: Organisation, member: User) -> None:
    offer = make_offer(vendor, facts={"open_source": ClaimStatus.VERIFIED})
    copied = services.copy_offer(actor_of(member), offer)
    assert (copied.status, copied.version, copied.name) == (OfferStatus.DRAFT, 0, f"Copie de {offer.name}")
    assert (copied.description, copied.claims) == (offer.description, [])


def test_giving_a_draft_up_leaves_the_published_offer(vendor: Organisation, member: User) -> None:
    offer, actor = make_offer(vendor), actor_of(member)
    with pytest.raises(InvalidTransition):
        services.discard_draft(actor, offer)
    services.save_offer(actor, offer, OFFER.content_of(offer) | {"name": "Essai"})
    services.discard_draft(actor, offer)
    assert working_content(OFFER, offer) == get_version(OFFER, offer, 1).content


def test_edit_offer_of_another_company_is_forbidden(member: User) -> None:
    offer = make_offer()
    with pytest.raises(Forbidden):
        services.edit_offer(actor_of(member), offer, summary="À moi")


def test_publish_offer_of_a_draft(vendor: Organisation, member: User, told: list[int]) -> None:
    offer = make_offer(vendor, status=OfferStatus.DRAFT, published_at=None, description=DESCRIPTION)
    services.publish_offer(actor_of(member), offer)
    assert offer.status is OfferStatus.PUBLISHED
    assert offer.published_at is not None
    assert (told, actions()) == ([offer.id], ["offer.published"])


def test_publish_offer_with_little_said_names_what_lacks(vendor: Organisation, member: User) -> None:
    offer = make_offer(vendor, status=OfferStatus.DRAFT, published_at=None, summary="", description="Court")
    with pytest.raises(RuleBroken) as refused:
        services.publish_offer(actor_of(member), offer)
    assert list(refused.value.fields) == ["summary", "description"]
    assert offer.status is OfferStatus.DRAFT


def test_publish_offer_of_the_state_needs_source_and_date(app: Flask) -> None:
    values: dict[str, Any] = {
        "kind": OfferKind.MUTUALISED,
        "status": OfferStatus.DRAFT,
        "published_at": None,
    }
    offer = make_offer(make_administration(), **values)
    with pytest.raises(RuleBroken) as refused:
        services.publish_offer(SYSTEM, offer)
    assert list(refused.value.fields) == ["source"]
    services.edit_offer(SYSTEM, offer, source="registre", source_on=date(2026, 8, 20))
    services.publish_offer(SYSTEM, offer)
    assert offer.status is OfferStatus.PUBLISHED


def test_withdraw_offer_then_publish_again(vendor: Organisation, member: User, told: list[int]) -> None:
    offer = make_offer(vendor, description=DESCRIPTION)
    services.withdraw_offer(actor_of(member), offer)
    assert offer.status is OfferStatus.WITHDRAWN
    with pytest.raises(InvalidTransition):
        services.withdraw_offer(actor_of(member), offer)
    services.publish_offer(actor_of(member), offer)
    with pytest.raises(InvalidTransition):
        services.publish_offer(actor_of(member), offer)
    assert told == [offer.id, offer.id]


def test_slug_of_two_offers_of_one_name_differ(vendor: Organisation, member: User) -> None:
    first = services.create_offer(actor_of(member), organisation=vendor, name="Parlons")
    second = services.create_offer(actor_of(member), organisation=vendor, name="Parlons")
    assert (first.slug, second.slug) == ("parlons", "parlons-2")
    assert db.session.scalar(sa.select(sa.func.count(Offer.id))) == 2
