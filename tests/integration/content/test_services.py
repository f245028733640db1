"""Drafts, merging and publication as services, whatever the domain: here on a need."""

from typing import Any

import pytest
from flask import Flask

from app.content.queries import drafts_among, find_draft, find_version, versions_of, working_content
from app.content.services import (
    EditConflict,
    Seen,
    add_version,
    check_seen,
    check_unchanged,
    drop_draft,
    keep,
    keep_draft,
    project,
    revise,
)
from app.core.errors import Conflict
from app.events.enums import EventStatus, Side
from app.events.spec import DELEGATION, EVENT
from app.needs.models import Need
from app.needs.spec import NEED
from app.permissions import SYSTEM
from tests.factories import make_need
from tests.integration.events.factories import make_delegation, make_event


def says(need: Need, **changes: Any) -> dict[str, Any]:
    return {**NEED.content_of(need), **changes}


def test_a_draft_stays_beside_what_is_public(app: Flask) -> None:
    need = make_need(title="Avant")
    assert keep_draft(SYSTEM, NEED, need, says(need, title="Après")) is True
    assert (need.title, need.version, need.revision) == ("Avant", 1, 2)
    assert working_content(NEED, need)["title"] == "Après"
    assert drafts_among(NEED, [need.id, need.id + 1]) == {need.id}


def test_saving_what_is_there_already_keeps_no_draft_and_moves_nothing(app: Flask) -> None:
    need = make_need()
    assert keep_draft(SYSTEM, NEED, need, says(need)) is False
    assert (find_draft(NEED, need), need.revision) == (None, 1)


def test_a_draft_is_written_over_and_dropped(app: Flask) -> None:
    need = make_need()
    assert drop_draft(NEED, need) is False
    for title in ("Un", "Deux"):
        keep_draft(SYSTEM, NEED, need, says(need, title=title))
    assert working_content(NEED, need)["title"] == "Deux"
    assert drop_draft(NEED, need) is True
    assert (find_draft(NEED, need), need.revision) == (None, 4)


def test_a_draft_that_is_published_has_served(app: Flask) -> None:
    need = make_need(title="Avant")
    keep_draft(SYSTEM, NEED, need, says(need, title="Après"))
    project(NEED, need, working_content(NEED, need))
    row = add_version(SYSTEM, NEED, need, note="  Parce que. ")
    assert row is not None
    assert (need.title, row.number, row.note, row.content["title"]) == ("Après", 2, "Parce que.", "Après")
    assert find_draft(NEED, need) is None


def test_publishing_the_same_again_makes_no_version(app: Flask) -> None:
    need = make_need()
    assert add_version(SYSTEM, NEED, need) is None
    assert (need.version, need.revision) == (1, 2)


def test_a_change_beside_a_draft_reaches_it_where_it_says_nothing_of_it(app: Flask) -> None:
    need = make_need(title="Avant", budget_range="")
    keep_draft(SYSTEM, NEED, need, says(need, title="Mon titre"))
    revise(NEED, need, says(need, title="Leur titre", budget_range="10 k€"))
    draft = working_content(NEED, need)
    assert (draft["title"], draft["budget_range"], need.title) == ("Mon titre", "10 k€", "Leur titre")


def test_who_read_an_older_content_is_told_and_who_writes_the_same_is_not(app: Flask) -> None:
    need = make_need(title="Avant")
    seen = Seen(need.revision, says(need))
    keep_draft(SYSTEM, NEED, need, says(need, title="Leur titre"), seen=seen)
    check_seen(NEED, need, None, says(need, title="Mon titre"))
    check_seen(NEED, need, seen, says(need, title="Leur titre"))
    with pytest.raises(EditConflict) as refused:
        keep_draft(SYSTEM, NEED, need, says(need, title="Mon titre"), seen=seen)
    assert refused.value.merge.contested == ("title",)
    assert working_content(NEED, need)["title"] == "Leur titre"


def test_a_state_that_changed_since_is_no_conflict_of_content(app: Flask) -> None:
    need = make_need(title="Avant")
    seen = Seen(need.revision - 1, says(need))
    check_seen(NEED, need, seen, says(need, title="Mon titre"))


def test_a_page_read_before_a_change_publishes_nothing(app: Flask) -> None:
    need = make_need()
    check_unchanged(need, None)
    check_unchanged(need, need.revision)
    with pytest.raises(Conflict):
        check_unchanged(need, need.revision - 1)


def test_versions_are_read_newest_first_from_a_number_on(app: Flask) -> None:
    need = make_need()
    for title in ("Deux", "Trois"):
        revise(NEED, need, says(need, title=title))
        add_version(SYSTEM, NEED, need)
    assert [row.number for row in versions_of(NEED, need)] == [3, 2, 1]
    assert [row.number for row in versions_of(NEED, need, before=3, limit=1)] == [2]
    assert [find_version(NEED, need, number) is None for number in (0, 1, 3, 4)] == [True, False, False, True]


def test_what_is_not_published_has_no_drafts(app: Flask) -> None:
    delegation = make_delegation(make_event(), Side.VENDOR)
    assert find_draft(DELEGATION, delegation) is None
    assert working_content(DELEGATION, delegation) == DELEGATION.content_of(delegation)


def test_what_an_editor_keeps_is_a_draft_once_there_is_a_version(app: Flask) -> None:
    hidden, public = make_event(status=EventStatus.DRAFT), make_event()
    for event in (hidden, public):
        content = {**EVENT.content_of(event), "name": "Autre"}
        assert keep(SYSTEM, EVENT, event, content, seen=None) is True
        assert keep(SYSTEM, EVENT, event, content, seen=None) is False
        assert working_content(EVENT, event)["name"] == "Autre"
    assert (hidden.name, find_draft(EVENT, hidden)) == ("Autre", None)
    assert (public.name == "Autre", drafts_among(EVENT, [hidden.id, public.id])) == (False, {public.id})
