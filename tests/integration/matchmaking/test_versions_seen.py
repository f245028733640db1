"""What was decided about a version stays with it: runs, shortlists and verdicts name what they read."""

import pytest
import sqlalchemy as sa
from flask import Flask

from app.claims.enums import ClaimStatus
from app.content.enums import Nature
from app.core.db import db, unit_of_work
from app.matchmaking.models import MatchRun, ShortlistEntry
from app.matchmaking.services.indexing import reindex_all
from app.matchmaking.services.proposals import propose_offers
from app.matchmaking.services.selection import add_to_shortlist
from app.needs.enums import NeedStatus
from app.needs.services import edit_need
from app.offers.services import edit_offer
from app.permissions import SYSTEM, Role
from tests.clients import IsolatedClient
from tests.factories import make_need, make_offer, make_user


def test_a_run_and_a_shortlist_name_the_versions_they_read(app: Flask, client: IsolatedClient) -> None:
    offer, need = make_offer(name="Parlons"), make_need(title="Messagerie")
    with unit_of_work():
        reindex_all()
        run = propose_offers(SYSTEM, need)
        entry = add_to_shortlist(SYSTEM, need, offer)
        edit_offer(SYSTEM, offer, summary="Tout autre chose", nature=Nature.CORRECTION)
        edit_need(SYSTEM, need, title="Autre", description=need.description)
    with unit_of_work():
        later = propose_offers(SYSTEM, need)
    assert [(one.need_version, one.proposals[0].offer_version) for one in (run, later)] == [(1, 1), (2, 2)]
    assert (entry.need_version, entry.offer_version) == (1, 1)
    client.sign_in(make_user(Role.AMBASSADOR, need.organisation))
    page = client.get(f"/besoins/{need.id}/selection").text
    assert "L’offre a changé depuis qu’elle a été retenue." in page
    assert f"/offres/{offer.slug}/versions/1" in page
    assert "Messagerie" in client.get(f"/besoins/{need.id}/versions/1").text


def test_a_run_of_a_draft_names_no_version(app: Flask) -> None:
    make_offer()
    with unit_of_work():
        reindex_all()
        run = propose_offers(SYSTEM, make_need(status=NeedStatus.DRAFT, published_at=None))
    assert run.need_version is None


@pytest.mark.parametrize("row", [MatchRun, ShortlistEntry])
def test_a_version_that_does_not_exist_cannot_be_named(app: Flask, row: type[MatchRun]) -> None:
    offer, need = make_offer(), make_need()
    with unit_of_work():
        reindex_all()
        propose_offers(SYSTEM, need)
        add_to_shortlist(SYSTEM, need, offer)
    with pytest.raises(sa.exc.IntegrityError):
        db.session.execute(sa.update(row).values(need_version=7))


@pytest.mark.parametrize(
    ("nature", "content", "status"),
    [
        (Nature.SUBSTANTIVE, {"hosting": "Ailleurs"}, ClaimStatus.TO_CONFIRM),
        (Nature.SUBSTANTIVE, {"subcontractors": "Un autre"}, ClaimStatus.TO_CONFIRM),
        (Nature.SUBSTANTIVE, {"price_note": "4 €"}, ClaimStatus.VERIFIED),
        (Nature.CORRECTION, {"hosting": "Ailleurs"}, ClaimStatus.VERIFIED),
    ],
)
def test_a_substantive_change_asks_that_claims_be_confirmed(
    app: Flask, nature: Nature, content: dict[str, str], status: ClaimStatus
) -> None:
    offer = make_offer(facts={"open_source": ClaimStatus.VERIFIED})
    edit_offer(SYSTEM, offer, nature=nature, note="Nouvel hébergeur", **content)  # type: ignore[arg-type]  # the values come in a dict
    db.session.refresh(offer)
    assert [claim.status for claim in offer.claims] == [status]
