"""Needs: who may write them, in which state, and what happens when two people do."""

from datetime import date

import pytest
from flask import Flask

from app.content.enums import Nature
from app.content.queries import get_version, working_content
from app.content.services import EditConflict, Seen
from app.core.db import db
from app.core.errors import Conflict, Forbidden, InvalidTransition, NotFound, RuleBroken
from app.needs import services
from app.needs.enums import NeedStatus, RequiredLevel
from app.needs.models import Need
from app.needs.queries import get_need, needs_of, public_needs
from app.needs.spec import NEED
from app.permissions import VISITOR, Actor, Role
from tests.factories import make_administration, make_category, make_criterion, make_need, make_vendor

TEXT = "Nos agents échangent des messages entre services, au bureau comme en mobilité."


def ambassador_of(organisation_id: int) -> Actor:
    return Actor(user_id=None, roles={Role.AMBASSADOR: frozenset({organisation_id})})


@pytest.fixture
def need(app: Flask) -> Need:
    return make_need(status=NeedStatus.DRAFT, published_at=None)


@pytest.fixture
def actor(need: Need) -> Actor:
    return ambassador_of(need.organisation_id)


def test_create_need_keeps_every_answer(app: Flask) -> None:
    organisation = make_administration()
    make_category("48000000")
    make_criterion("secnumcloud")
    created = services.create_need(
        ambassador_of(organisation.id),
        organisation=organisation,
        title="  Messagerie ",
        description=TEXT,
        categories=["48000000", "48000000"],
        requirements={"secnumcloud": RequiredLevel.VERIFIED},
        users_count=200,
        deadline_on=date(2027, 6, 1),
        sensitive_data=True,
    )
    assert created.title == "Messagerie"
    assert created.slug == "messagerie"
    assert created.status is NeedStatus.DRAFT
    assert [category.code for category in created.categories] == ["48000000"]
    assert [(r.criterion_key, r.level) for r in created.requirements] == [
        ("secnumcloud", RequiredLevel.VERIFIED)
    ]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": " "}, "title"),
        ({"categories": ["99999999"]}, "categories"),
        ({"requirements": {"inconnu": RequiredLevel.DECLARED}}, "requirements"),
    ],
)
def test_create_need_names_the_wrong_field(app: Flask, wrong: dict[str, object], field: str) -> None:
    organisation = make_administration()
    answers: dict[str, object] = {"title": "Messagerie", "description": TEXT} | wrong
    with pytest.raises(RuleBroken) as refusal:
        services.create_need(ambassador_of(organisation.id), organisation=organisation, **answers)  # type: ignore[arg-type]  # the values come in a dict
    assert list(refusal.value.fields) == [field]


def test_only_its_own_administration_may_write_a_need(app: Flask) -> None:
    organisation, other = make_administration(), make_administration()
    with pytest.raises(Forbidden):
        services.create_need(
            ambassador_of(other.id), organisation=organisation, title="Messagerie", description=TEXT
        )


def test_a_vendor_has_no_need(app: Flask) -> None:
    vendor = make_vendor()
    with pytest.raises(RuleBroken):
        services.create_need(ambassador_of(vendor.id), organisation=vendor, title="x", description=TEXT)


def test_publish_close_publish_again(need: Need, actor: Actor) -> None:
    statuses = []
    services.publish_need(actor, need)
    statuses.append(need.status)
    with pytest.raises(InvalidTransition):
        services.publish_need(actor, need)
    services.close_need(actor, need)
    statuses.append(need.status)
    with pytest.raises(InvalidTransition):
        services.close_need(actor, need)
    services.publish_need(actor, need)
    assert [*statuses, need.status] == [NeedStatus.PUBLISHED, NeedStatus.CLOSED, NeedStatus.PUBLISHED]


def test_a_need_too_short_is_not_published(need: Need, actor: Actor) -> None:
    need.description = "Trop court"
    with pytest.raises(RuleBroken) as refusal:
        services.publish_need(actor, need)
    assert list(refusal.value.fields) == ["description"]


def test_a_need_whose_date_has_passed_is_not_published(need: Need, actor: Actor) -> None:
    need.deadline_on = date(2026, 11, 21)
    with pytest.raises(RuleBroken) as refusal:
        services.publish_need(actor, need)
    assert list(refusal.value.fields) == ["deadline_on"]


def test_the_second_editor_is_told(need: Need, actor: Actor) -> None:
    seen = Seen(need.revision, NEED.content_of(need))
    services.save_need(actor, need, seen.content | {"title": "Premier"}, seen=seen)
    with pytest.raises(EditConflict) as refusal:
        services.save_need(actor, need, seen.content | {"title": "Second"}, seen=seen)
    assert refusal.value.merge.contested == ("title",)
    assert need.title == "Premier"


def test_a_published_need_changes_only_at_its_publication(need: Need, actor: Actor) -> None:
    services.publish_need(actor, need)
    services.save_need(actor, need, NEED.content_of(need) | {"title": "Autre titre"})
    assert (need.title != "Autre titre", need.version) == (True, 1)
    services.publish_need(actor, need, note="Titre plus clair", nature=Nature.CORRECTION)
    assert (need.title, need.version) == ("Autre titre", 2)
    row = get_version(NEED, need, 2)
    assert (row.note, row.nature, row.content["title"]) == (
        "Titre plus clair",
        Nature.CORRECTION,
        "Autre titre",
    )
    assert get_version(NEED, need, 1).content["title"] != "Autre titre"


def test_reopening_without_a_change_makes_no_new_version(need: Need, actor: Actor) -> None:
    services.publish_need(actor, need)
    services.close_need(actor, need)
    services.publish_need(actor, need)
    assert (need.status, need.version) == (NeedStatus.PUBLISHED, 1)


def test_only_what_was_read_is_published(need: Need, actor: Actor) -> None:
    read = need.revision
    services.save_need(actor, need, NEED.content_of(need) | {"title": "Changé depuis"})
    with pytest.raises(Conflict):
        services.publish_need(actor, need, revision=read)
    services.publish_need(actor, need, revision=need.revision)
    assert need.title == "Changé depuis"


def test_an_incomplete_draft_is_kept_and_never_published(need: Need, actor: Actor) -> None:
    services.publish_need(actor, need)
    services.autosave_need(actor, need, NEED.content_of(need) | {"title": "", "users_count": -5}, None)
    with pytest.raises(RuleBroken) as refusal:
        services.publish_need(actor, need)
    assert sorted(refusal.value.fields) == ["title", "users_count"]


def test_an_import_beside_a_draft_keeps_both(need: Need, actor: Actor) -> None:
    services.publish_need(actor, need)
    services.save_need(actor, need, NEED.content_of(need) | {"budget_range": "50 000 €"})
    services.edit_need(actor, need, title="Titre importé", description=TEXT, note="Import")
    assert (need.version, need.title, need.budget_range) == (2, "Titre importé", "")
    draft = working_content(NEED, need)
    assert (draft["title"], draft["budget_range"]) == ("Titre importé", "50 000 €")


def test_a_copy_is_a_draft_of_its_own(need: Need, actor: Actor) -> None:
    services.publish_need(actor, need)
    copied = services.copy_need(actor, need)
    assert (copied.status, copied.version, copied.title) == (NeedStatus.DRAFT, 0, f"Copie de {need.title}")
    assert copied.description == need.description
    assert copied.slug != need.slug


def test_giving_a_draft_up_leaves_the_published_need(need: Need, actor: Actor) -> None:
    services.publish_need(actor, need)
    with pytest.raises(InvalidTransition):
        services.discard_draft(actor, need)
    services.save_need(actor, need, NEED.content_of(need) | {"title": "Essai"})
    services.discard_draft(actor, need)
    assert working_content(NEED, need) == get_version(NEED, need, 1).content


def test_a_published_need_is_never_deleted(need: Need, actor: Actor) -> None:
    services.publish_need(actor, need)
    with pytest.raises(InvalidTransition):
        services.delete_draft(actor, need)


def test_a_draft_is_deleted(need: Need, actor: Actor) -> None:
    services.delete_draft(actor, need)
    db.session.flush()
    assert needs_of(actor) == []


def test_a_draft_is_hidden_from_everyone_else(need: Need, actor: Actor) -> None:
    assert get_need(actor, need.id) is need
    for stranger in (VISITOR, ambassador_of(need.organisation_id + 1000)):
        with pytest.raises(NotFound):
            get_need(stranger, need.id)
    assert public_needs().total == 0


def test_public_needs_by_words_and_category(app: Flask) -> None:
    category = make_category("48000000")
    found = make_need(title="Visioconférence", categories=[category])
    make_need(title="Archivage 100%")
    assert [need.id for need in public_needs(text="visioconférence").items] == [found.id]
    assert [need.id for need in public_needs(category="48").items] == [found.id]
    assert [need.title for need in public_needs(text="100%").items] == ["Archivage 100%"]
