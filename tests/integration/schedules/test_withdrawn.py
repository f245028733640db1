"""A meeting refused once published: its slot is free, the other side knows, the organisers replace it."""

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core import clock
from app.core.db import db
from app.core.errors import InvalidTransition, RuleBroken
from app.events.enums import Side
from app.events.models import Delegation, Event
from app.meetings.enums import PairRuleKind, RequestState
from app.meetings.models import MeetingRequest
from app.meetings.services import answer_request, set_pair_rule, withdraw_request
from app.outbox.models import Mail
from app.permissions import SYSTEM, Role
from app.schedules.models import Meeting, Placement
from app.schedules.planner import build_problem
from app.schedules.queries.agendas import agenda_of
from app.schedules.queries.versions import (
    find_published_with_meetings,
    meeting_counts_by_slot,
    withdrawn_from,
)
from app.schedules.services import conflicts_of, fill_freed_slots, publish_schedule, refuse_placed
from tests.clients import IsolatedClient
from tests.factories import make_need, make_offer, make_user
from tests.integration.events.factories import (
    make_delegation,
    make_event,
    make_pair,
    make_proposal,
    make_published,
    make_request,
)


def published_pair(event: Event) -> tuple[Delegation, Delegation, MeetingRequest]:
    administration, vendor = make_pair(event)
    request = make_request(administration, vendor, state=RequestState.ACCEPTED)
    make_published(event, [(administration, vendor, 1)])
    for delegation in (administration, vendor):
        make_user(Role.VENDOR, delegation.organisation, email=f"{delegation.side.value}@exemple.fr")
    return administration, vendor, request


def mails() -> dict[str, str]:
    db.session.commit()
    return {mail.recipient: mail.body for mail in db.session.scalars(sa.select(Mail))}


def test_a_meeting_refused_after_publication_leaves_both_agendas(client: IsolatedClient) -> None:
    event = make_event()
    organiser = make_user(Role.ORGANISER)
    administration, vendor, request = published_pair(event)
    both = {administration.organisation_id, vendor.organisation_id}
    assert len(agenda_of(both, event.id)) == 2

    answer_request(SYSTEM, request, accept=False, message="Nous ne viendrons pas.")

    told = mails()
    assert agenda_of(both, event.id) == []
    assert sorted(told) == sorted(["administration@exemple.fr", organiser.email])
    assert "vendredi 26 mars 2027, 09:25 – 09:45, table 1, Bercy" in told["administration@exemple.fr"]
    assert "Nous ne viendrons pas." in told["administration@exemple.fr"]
    assert "Comblez le créneau libéré" in told[organiser.email]
    page = client.sign_in(organiser).get(f"/organisation-evenements/{event.slug}").text
    assert "rendez-vous retiré depuis la publication" in page
    assert "rendez-vous publié retiré depuis" in client.get("/tableau-de-bord").text


def test_the_published_version_stays_as_it_was_and_tells_what_was_withdrawn(client: IsolatedClient) -> None:
    event = make_event()
    _administration, vendor, request = published_pair(event)
    answer_request(SYSTEM, request, accept=False)
    db.session.commit()
    client.sign_in(make_user(Role.ORGANISER))
    page = client.get(f"/organisation-evenements/{event.slug}/planning/versions/1").text
    assert f"<s>{vendor.organisation.name}</s>" in page
    assert meeting_counts_by_slot(1) == {}


def test_the_freed_slot_is_filled_and_the_pair_never_placed_again(app: Flask) -> None:
    event = make_event()
    administration, vendor, request = published_pair(event)
    other = make_delegation(event, Side.VENDOR)
    make_request(administration, other)
    answer_request(SYSTEM, request, accept=False)
    version = fill_freed_slots(SYSTEM, event)
    assert [placement.vendor_id for placement in version.placements] == [other.id]
    assert conflicts_of(version) == []
    publish_schedule(SYSTEM, version)
    (meeting,) = db.session.scalars(sa.select(Meeting).filter_by(vendor_id=vendor.id))
    assert (meeting.sequence, meeting.withdrawn_at) == (1, clock.now())


def test_a_pending_wish_taken_back_after_publication_frees_the_slot_for_good(app: Flask) -> None:
    event = make_event()
    administration, vendor = make_pair(event)
    request = make_request(administration, vendor)
    make_published(event, [(administration, vendor, 0)])
    withdraw_request(SYSTEM, request)
    assert agenda_of({vendor.organisation_id}, event.id) == []
    assert request.state is RequestState.WITHDRAWN


def test_an_accepted_wish_taken_back_after_publication_is_as_good_as_refused(app: Flask) -> None:
    event = make_event()
    organiser = make_user(Role.ORGANISER)
    _administration, vendor, request = published_pair(event)
    withdraw_request(SYSTEM, request, message="Projet arrêté.")
    told = mails()
    assert sorted(told) == sorted(["vendor@exemple.fr", organiser.email])
    for said in ("09:25 – 09:45, table 1, Bercy", "Projet arrêté."):
        assert said in told["vendor@exemple.fr"]
    assert agenda_of({vendor.organisation_id}, event.id) == []


def test_a_published_meeting_that_nobody_asked_for_is_refused_from_the_agenda(
    client: IsolatedClient,
) -> None:
    event = make_event()
    organiser = make_user(Role.ORGANISER)
    administration, vendor = make_pair(event)
    published = make_published(event, [(administration, vendor, 1)])
    make_user(Role.AMBASSADOR, administration.organisation, email="administration@exemple.fr")
    client.sign_in(make_user(Role.VENDOR, vendor.organisation, email="vendor@exemple.fr"))
    address = f"/mon-agenda/rendez-vous/{published.placements[0].meeting_id}/{vendor.id}/refuser"
    assert address in client.get("/mon-agenda").text
    assert administration.organisation.name in client.get(address).text
    assert client.post(address, data={"message": "Nous ne servons pas ce métier."}).status_code == 302
    told = mails()
    assert sorted(told) == sorted(["administration@exemple.fr", organiser.email])
    for said in ("09:25 – 09:45, table 1, Bercy", "Nous ne servons pas ce métier."):
        assert said in told["administration@exemple.fr"]
    both = {administration.organisation_id, vendor.organisation_id}
    assert agenda_of(both, event.id) == []
    assert client.get(address).status_code == 409
    page = client.sign_in(organiser).get(f"/organisation-evenements/{event.slug}").text
    assert "rendez-vous retiré depuis la publication" in page


def test_what_nobody_asked_for_and_a_side_refused_is_placed_no_more(app: Flask) -> None:
    event = make_event()
    administration, vendor = make_pair(event)
    need, offer = make_need(administration.organisation), make_offer(vendor.organisation)
    make_proposal(need, offer, 0.9)
    make_published(event, [(administration, vendor, 1)])
    pair = administration.id, vendor.id
    assert pair in {(int(one["a"]), int(one["v"])) for one in build_problem(event, held=[pair])["candidates"]}
    (placement,) = db.session.scalars(sa.select(Placement))
    refuse_placed(SYSTEM, placement.meeting_id, vendor.id)
    assert build_problem(event, held=[pair])["candidates"] == []


def test_what_was_imposed_against_a_refusal_can_be_refused_again(app: Flask) -> None:
    event = make_event()
    administration, vendor = make_pair(event)
    make_request(administration, vendor, state=RequestState.DECLINED)
    published = make_published(event, [(administration, vendor, 1)])
    refuse_placed(SYSTEM, published.placements[0].meeting_id, vendor.id)
    assert agenda_of({vendor.organisation_id}, event.id) == []


def test_a_meeting_of_others_or_begun_is_not_refused(client: IsolatedClient) -> None:
    event = make_event()
    administration, vendor, _request = published_pair(event)
    (placement,) = db.session.scalars(sa.select(Placement))
    client.sign_in(make_user(Role.VENDOR))
    for delegation in (administration.id, vendor.id, 999):
        assert (
            client.post(f"/mon-agenda/rendez-vous/{placement.meeting_id}/{delegation}/refuser").status_code
            == 404
        )
    with clock.fixed_at(placement.starts_at), pytest.raises(InvalidTransition):
        refuse_placed(SYSTEM, placement.meeting_id, vendor.id)
    assert len(agenda_of({vendor.organisation_id}, event.id)) == 1


def test_a_freed_slot_that_is_past_is_nobody_s_task_any_more(app: Flask) -> None:
    event = make_event()
    _administration, _vendor, request = published_pair(event)
    answer_request(SYSTEM, request, accept=False)
    published = find_published_with_meetings(event.id)
    assert published is not None
    assert len(withdrawn_from(published)) == 1
    with clock.fixed_at(event.slots[1].starts_at):
        assert withdrawn_from(published) == []


def test_what_has_begun_stays_in_the_schedule(app: Flask) -> None:
    event = make_event()
    _administration, vendor, request = published_pair(event)
    with clock.fixed_at(event.slots[1].starts_at):
        answer_request(SYSTEM, request, accept=False)
    assert len(agenda_of({vendor.organisation_id}, event.id)) == 1


def test_accepting_again_then_publishing_brings_the_same_meeting_back(app: Flask) -> None:
    event = make_event()
    _administration, vendor, request = published_pair(event)
    (before,) = agenda_of({vendor.organisation_id}, event.id)
    answer_request(SYSTEM, request, accept=False)
    answer_request(SYSTEM, request, accept=True)
    publish_schedule(SYSTEM, fill_freed_slots(SYSTEM, event))
    (after,) = agenda_of({vendor.organisation_id}, event.id)
    assert (after.uid, after.sequence) == (before.uid, before.sequence + 2)


def test_imposing_what_was_declined_is_asked_twice(client: IsolatedClient) -> None:
    event = make_event()
    administration, vendor = make_pair(event)
    make_request(administration, vendor, state=RequestState.DECLINED, answer="Hors sujet")
    pair = {"administration": administration.id, "vendor": vendor.id}
    with pytest.raises(RuleBroken) as refused:
        set_pair_rule(SYSTEM, event, administration=administration, vendor=vendor, kind=PairRuleKind.PINNED)
    assert list(refused.value.fields) == ["confirmed"]
    client.sign_in(make_user(Role.ORGANISER))
    path = f"/organisation-evenements/{event.slug}/souhaits/regle"
    assert 'name="confirmed"' not in client.get(path).text
    page = client.post(path, data=pair | {"kind": "pinned"})
    assert page.status_code == 422
    assert "a refusé cette rencontre : « Hors sujet »" in page.text
    assert 'name="confirmed"' in page.text
    assert client.post(path, data=pair | {"kind": "pinned", "confirmed": "y"}).status_code == 302
