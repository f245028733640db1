"""Verdicts: given, changed and taken back on the page, kept with what the person was reading."""

import pytest
import sqlalchemy as sa
from flask import Flask

from app.audit.models import AuditEntry
from app.core.db import db, unit_of_work
from app.core.errors import Forbidden, InvalidTransition, NotFound
from app.matchmaking.models import MatchRun, Verdict
from app.matchmaking.queries import find_verdict, verdicts_of
from app.matchmaking.services import verdicts
from app.matchmaking.services.indexing import reindex_all
from app.matchmaking.services.proposals import propose_offers
from app.needs.enums import NeedStatus
from app.needs.models import Need
from app.needs.services import edit_need
from app.offers.models import Offer
from app.permissions import SYSTEM, Actor, Role
from tests.clients import IsolatedClient
from tests.factories import make_need, make_offer, make_user


def matched(need: Need) -> MatchRun:
    with unit_of_work():
        reindex_all()
        return propose_offers(SYSTEM, need)


@pytest.fixture
def need(app: Flask) -> Need:
    return make_need()


@pytest.fixture
def offers(app: Flask) -> list[Offer]:
    """The second one shares more with the need."""
    return [
        make_offer(name="Compta", summary="Comptabilité", description="Budget et factures des communes."),
        make_offer(name="Salons", summary="Messages", description="Agents, messages et documents partagés."),
    ]


def test_a_second_verdict_replaces_the_first(need: Need, offers: list[Offer]) -> None:
    verdicts.give_verdict(SYSTEM, need, offers[0], useful=True)
    verdicts.give_verdict(SYSTEM, need, offers[0], useful=False)
    assert verdicts_of(need.id) == {offers[0].id: False}


def test_a_verdict_keeps_rank_score_and_signals_of_the_run_that_was_read(
    need: Need, offers: list[Offer]
) -> None:
    read = matched(need)
    first = read.proposals[0]
    assert (first.offer.name, first.rank) == ("Salons", 1)
    expected = (read.id, 1, first.score, first.explanation["contributions"])
    with unit_of_work():
        make_offer(name="Identique", summary=need.title, description=need.description)
    later = matched(need)
    assert later.proposals[0].offer.name == "Identique"

    verdict = verdicts.give_verdict(SYSTEM, need, offers[1], useful=True, run_id=read.id)
    assert (verdict.run_id, verdict.rank, verdict.score, verdict.signals) == expected
    assert sum(part["contribution"] for part in verdict.signals) == pytest.approx(verdict.score, abs=1e-6)
    assert verdict.need_text == f"{need.title}\n{need.description}"

    verdicts.give_verdict(SYSTEM, need, offers[1], useful=True)
    assert (verdict.run_id, verdict.rank) == (later.id, 2)


def test_a_verdict_on_a_run_older_than_the_need_keeps_the_text_of_then(
    need: Need, offers: list[Offer]
) -> None:
    read, text = matched(need), f"{need.title}\n{need.description}"
    edit_need(SYSTEM, need, title="Autre", description="Un tout autre besoin." * 3)
    verdict = verdicts.give_verdict(SYSTEM, need, offers[1], useful=True, run_id=read.id)
    assert (verdict.need_version, verdict.offer_version, verdict.need_text) == (1, 1, text)


def test_the_run_of_another_need_gives_no_rank(need: Need, offers: list[Offer]) -> None:
    other = matched(make_need())
    verdict = verdicts.give_verdict(SYSTEM, need, offers[1], useful=True, run_id=other.id)
    assert (verdict.run_id, verdict.rank, verdict.score, verdict.signals) == (None, None, None, [])


def test_withdrawing_leaves_no_verdict_and_a_trace(need: Need, offers: list[Offer]) -> None:
    verdicts.give_verdict(SYSTEM, need, offers[0], useful=True)
    verdicts.withdraw_verdict(SYSTEM, need, offers[0].id)
    db.session.commit()
    assert verdicts_of(need.id) == {}
    entry = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.action, entry.details) == (
        "proposal.judgement_withdrawn",
        {"offer_id": offers[0].id, "useful": True},
    )
    with pytest.raises(NotFound):
        verdicts.withdraw_verdict(SYSTEM, need, offers[0].id)


def test_a_stranger_and_a_closed_need_are_refused(need: Need, offers: list[Offer]) -> None:
    stranger = Actor(roles={Role.AMBASSADOR: frozenset({need.organisation_id + 999})})
    with pytest.raises(Forbidden):
        verdicts.withdraw_verdict(stranger, need, offers[0].id)
    closed = make_need(status=NeedStatus.CLOSED)
    with pytest.raises(InvalidTransition):
        verdicts.give_verdict(SYSTEM, closed, offers[0], useful=True)


def test_the_page_gives_changes_and_withdraws_a_verdict_by_plain_forms(
    client: IsolatedClient, need: Need, offers: list[Offer]
) -> None:
    run_id = matched(need).id
    offer_id, need_id = offers[1].id, need.id
    client.sign_in(make_user(Role.AMBASSADOR, need.organisation))
    path = f"/besoins/{need_id}/propositions"
    page = client.get(path).text
    assert f'name="recherche" value="{run_id}"' in page
    assert "Retirer mon avis" not in page
    for answer, shown in (("oui", "Votre avis : utile"), ("non", "Votre avis : pas utile")):
        sent = client.post(f"{path}/{offer_id}/avis", data={"utile": answer, "recherche": str(run_id)})
        assert sent.status_code == 302
        page = client.get(path).text
        assert shown in page
        assert page.count("Retirer mon avis") == 1
    db.session.expire_all()
    verdict = find_verdict(need_id, offer_id)
    assert verdict is not None
    assert (verdict.useful, verdict.run_id, verdict.rank) == (False, run_id, 1)
    assert client.post(f"{path}/{offer_id}/avis/retirer").status_code == 302
    assert "Votre avis :" not in client.get(path).text
    assert client.post(f"{path}/{offer_id}/avis/retirer").status_code == 404
    db.session.expire_all()
    assert db.session.scalar(sa.select(sa.func.count(Verdict.id))) == 0
