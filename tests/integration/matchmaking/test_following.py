"""Runs follow changes cheaply: only the needs whose lists change are matched again, exactly those."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.claims.enums import ClaimStatus
from app.core import clock
from app.core.db import db, unit_of_work
from app.matchmaking.enums import Cause, Move
from app.matchmaking.models import MatchRun
from app.matchmaking.queries import get_run
from app.matchmaking.services import proposals
from app.matchmaking.services.comparing import side_of
from app.matchmaking.services.indexing import note_offer_change, reindex_all
from app.needs.enums import RequiredLevel
from app.needs.models import Need
from app.offers.enums import OfferStatus
from app.offers.models import Offer
from app.permissions import Role
from tests.clients import IsolatedClient
from tests.conftest import NOW
from tests.factories import make_administration, make_need, make_offer, make_user

TEXTS = (
    "Messagerie instantanée pour les agents.",
    "Archivage de documents administratifs.",
    "Visioconférence et réunions à distance.",
    "Gestion des congés et des absences.",
)


def indexed() -> None:
    reindex_all()


def committed(*offers: Offer) -> None:
    for offer in offers:
        note_offer_change(offer.id)
    db.session.commit()
    reindex_all()


def refreshed() -> list[int]:
    """The needs matched again."""
    named = proposals.needs_to_match()
    with unit_of_work():
        return [need_id for need_id in named if proposals.refresh_run(need_id)]


def last_run(need: Need) -> MatchRun:
    run = get_run(need.id)
    assert run is not None
    return run


def said(run: MatchRun) -> list[tuple[Any, ...]]:
    return [
        (one["offer_id"], one["move"], one["before"], one["after"], one["cause"], one["criterion"])
        for one in run.changes
    ]


def test_an_unchanged_catalogue_names_no_need(app: Flask) -> None:
    need = make_need()
    make_offer()
    indexed()
    assert refreshed() == [need.id]
    assert proposals.needs_to_match() == []
    assert last_run(need).changes == []


def test_only_needs_that_an_offer_may_serve_are_matched_again(app: Flask) -> None:
    open_need = make_need(requires={"open_source": RequiredLevel.DECLARED})
    other = make_need(requires={"eupl": RequiredLevel.DECLARED, "sme": RequiredLevel.DECLARED})
    make_offer(facts={"open_source": ClaimStatus.DECLARED})
    indexed()
    refreshed()
    late = make_offer(facts={"open_source": ClaimStatus.DECLARED}, published_at=NOW + timedelta(hours=1))
    committed(late)
    assert refreshed() == [open_need.id]
    assert said(last_run(open_need))[0][:2] == (late.id, Move.ENTERED)
    assert said(last_run(open_need))[0][4:] == (Cause.OFFER_PUBLISHED, None)
    assert last_run(other).changes == []


def test_a_claim_that_ends_is_the_reason_an_offer_leaves(app: Flask) -> None:
    need = make_need(requires={"open_source": RequiredLevel.VERIFIED})
    offer = make_offer(facts={"open_source": ClaimStatus.VERIFIED})
    offer.claims[0].valid_until = date(2026, 12, 31)
    db.session.commit()
    indexed()
    refreshed()
    with clock.fixed_at(NOW.replace(month=12, day=31)):
        assert proposals.needs_to_match() == []
    with clock.fixed_at(NOW.replace(year=2027, month=1, day=1)):
        assert refreshed() == [need.id]
    assert said(last_run(need)) == [(offer.id, Move.LEFT, 1, None, Cause.CRITERION_LOST, "open_source")]
    assert refreshed() == [need.id]
    assert said(last_run(need)) == [(offer.id, Move.ENTERED, None, 1, Cause.CRITERION_MET, "open_source")]


def test_a_withdrawn_offer_leaves_and_says_why(client: IsolatedClient) -> None:
    need = make_need()
    gone, kept = make_offer(name="Partie"), make_offer(name="Restée")
    indexed()
    refreshed()
    gone.status = OfferStatus.WITHDRAWN
    committed(gone)
    assert refreshed() == [need.id]
    assert [(one[0], one[1], one[4]) for one in said(last_run(need))] == [
        (gone.id, Move.LEFT, Cause.OFFER_WITHDRAWN)
    ]
    client.sign_in(make_user(Role.AMBASSADOR, need.organisation))
    page = client.get(f"/besoins/{need.id}/propositions").text
    assert "Ce qui a changé depuis la recherche précédente (1)" in page
    assert "elle n’est plus publiée" in page
    assert kept.name in page


def test_priorities_given_are_the_cause_of_all_that_follows(app: Flask) -> None:
    need = make_need()
    offer = make_offer()
    make_offer()
    indexed()
    refreshed()
    last_run(need).parameters = {"market": {"weighing": {"weights": {"cost": 5}}}}
    offer.status = OfferStatus.WITHDRAWN
    committed(offer)
    with unit_of_work():
        assert proposals.refresh_run(need.id) is True
    assert [change[4] for change in said(last_run(need))] == [Cause.PRIORITIES]


changes = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.sampled_from(["edit", "withdraw", "publish", "claim"]),
        st.sampled_from(TEXTS),
    ),
    min_size=1,
    max_size=4,
)


@pytest.mark.slow
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
    max_examples=12,
    derandomize=True,
)
@given(changes)
def test_what_is_left_alone_is_what_a_full_match_would_leave(
    app: Flask, made: list[tuple[int, str, str]]
) -> None:
    """Equal to matching every need again, whatever changed."""
    db.session.rollback()
    administration = make_administration()
    needs = [
        make_need(
            administration,
            description=text,
            requires={"open_source": RequiredLevel.DECLARED} if n % 2 else {},
        )
        for n, text in enumerate(TEXTS)
    ]
    offers = [
        make_offer(description=TEXTS[n % 4], facts={"open_source": ClaimStatus.DECLARED} if n % 3 else {})
        for n in range(6)
    ]
    indexed()
    refreshed()
    for place, kind, text in made:
        offer = offers[place]
        if kind == "edit":
            offer.description = text
        elif kind == "claim" and offer.claims:
            offer.claims[0].value = not offer.claims[0].value
        elif kind in ("withdraw", "publish"):
            offer.status = OfferStatus.WITHDRAWN if kind == "withdraw" else OfferStatus.PUBLISHED
    committed(*offers)
    refreshed()
    for need in needs:
        kept, anew = last_run(need), proposals.answer_need(need)
        order = {kind: list(ids) for kind, ids in side_of(kept).ranks.items()}
        assert (order, kept.lists) == (anew.order, anew.lists)
        near = {(one["kind"], one["offer_id"], one["failing"]["reason_code"]) for one in kept.near_misses}
        again = {
            (kind, one["offer_id"], one["failing"]["reason_code"])
            for kind, found in anew.records.items()
            for one in found.near_misses
        }
        assert near == again
    with unit_of_work():
        assert not any(proposals.refresh_run(need.id) for need in needs)
        for offer in offers:
            offer.status = OfferStatus.WITHDRAWN
            note_offer_change(offer.id)
