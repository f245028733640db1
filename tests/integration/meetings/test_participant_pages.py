from datetime import timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar

from app.core import clock
from app.core.db import db
from app.events.enums import Side
from app.meetings.enums import InvitationState, RequestState
from app.meetings.models import MeetingRequest
from app.meetings.queries.sessions import sessions_of
from app.meetings.queries.wishes import find_request
from app.meetings.services import lead_session
from app.permissions import SYSTEM, Role
from app.schedules.services import publish_schedule
from tests.clients import IsolatedClient
from tests.factories import make_need, make_offer, make_user
from tests.integration.events.factories import (
    make_delegation,
    make_event,
    make_pair,
    make_proposal,
    make_published,
    make_request,
    make_version,
)
from tests.query_counts import counted_queries


def test_request_meeting_from_a_proposal_keeps_its_score(client: IsolatedClient) -> None:
    event = make_event()
    administration, vendor = make_pair(event)
    need, offer = make_need(administration.organisation), make_offer(vendor.organisation)
    make_proposal(need, offer, 12.0)
    make_proposal(need, offer, 6.0, best=8.0)
    client.sign_in(make_user(Role.AMBASSADOR, administration.organisation))
    path = f"/rencontres/demander?besoin={need.id}&offre={offer.id}"
    assert "75 sur 100" in client.get(path).text
    answer = client.post(path, data={"event": event.slug, "message": "Bonjour"})
    assert (answer.status_code, answer.location) == (302, "/rencontres")
    request = db.session.query(MeetingRequest).one()
    assert (request.match_score, request.requested_by, request.need_id) == (
        0.75,
        Side.ADMINISTRATION,
        need.id,
    )


def test_request_meeting_without_common_event_says_what_to_do(client: IsolatedClient) -> None:
    administration = make_delegation(make_event(), Side.ADMINISTRATION)
    need, offer = make_need(administration.organisation), make_offer()
    client.sign_in(make_user(Role.AMBASSADOR, administration.organisation))
    page = client.get(f"/rencontres/demander?besoin={need.id}&offre={offer.id}")
    assert "Aucun événement en commun" in page.text


def test_request_meeting_at_a_past_event_is_not_offered(client: IsolatedClient) -> None:
    event = make_event()
    administration, vendor = make_pair(event)
    need, offer = make_need(administration.organisation), make_offer(vendor.organisation)
    user = make_user(Role.AMBASSADOR, administration.organisation)
    client.sign_in(user)
    path = f"/rencontres/demander?besoin={need.id}&offre={offer.id}"
    assert event.name in client.get(path).text
    with clock.fixed_at(event.slots[-1].starts_at):
        client.sign_in(user)  # sessions do not last that long
        assert "Aucun événement en commun" in client.get(path).text


def test_request_meeting_for_others_does_not_exist(client: IsolatedClient) -> None:
    administration, vendor = make_pair(make_event())
    need, offer = make_need(administration.organisation), make_offer(vendor.organisation)
    client.sign_in(make_user(Role.AMBASSADOR))
    assert client.get(f"/rencontres/demander?besoin={need.id}&offre={offer.id}").status_code == 404


def test_request_meeting_to_an_unknown_event_keeps_what_was_typed(client: IsolatedClient) -> None:
    administration, vendor = make_pair(make_event())
    need, offer = make_need(administration.organisation), make_offer(vendor.organisation)
    client.sign_in(make_user(Role.AMBASSADOR, administration.organisation))
    page = client.post(
        f"/rencontres/demander?besoin={need.id}&offre={offer.id}",
        data={"event": "autre", "message": "Mon texte"},
    )
    assert page.status_code == 422
    assert "Mon texte" in page.text


def test_requests_show_only_my_own(client: IsolatedClient) -> None:
    event = make_event()
    administration, vendor = make_pair(event)
    make_request(administration, vendor, message="Pour moi")
    make_request(*make_pair(event), message="Pour un autre")
    page = client.sign_in(make_user(Role.VENDOR, vendor.organisation)).get("/rencontres").text
    assert ("Pour moi" in page, "Pour un autre" in page) == (True, False)


def test_requests_cost_the_same_with_one_and_three(client: IsolatedClient) -> None:
    event = make_event()
    vendor = make_delegation(event, Side.VENDOR)
    client.sign_in(make_user(Role.VENDOR, vendor.organisation))
    make_request(make_delegation(event, Side.ADMINISTRATION), vendor, need=make_need(), offer=make_offer())
    client.get("/rencontres")
    with counted_queries() as one:
        client.get("/rencontres")
    for _number in range(2):
        make_request(
            make_delegation(event, Side.ADMINISTRATION), vendor, need=make_need(), offer=make_offer()
        )
    with counted_queries() as three:
        client.get("/rencontres")
    assert len(three) == len(one)


def test_answer_request_accepts_with_a_word(client: IsolatedClient) -> None:
    administration, vendor = make_pair(make_event())
    request = make_request(administration, vendor)
    client.sign_in(make_user(Role.VENDOR, vendor.organisation))
    client.post(f"/rencontres/{request.id}/reponse", data={"reponse": "accepter", "message": "Oui"})
    db.session.refresh(request)
    assert (request.state, request.answer) == (RequestState.ACCEPTED, "Oui")


def test_an_answer_can_be_changed_from_the_page(client: IsolatedClient) -> None:
    administration, vendor = make_pair(make_event())
    request = make_request(administration, vendor, state=RequestState.DECLINED, answer="Complet")
    client.sign_in(make_user(Role.VENDOR, vendor.organisation))
    link = f"/rencontres?revoir={request.id}"
    assert f"{link}#received" in client.get("/rencontres").text
    page = client.get(link).text
    assert 'value="Complet"' in page
    assert (page.count('value="accepter"'), page.count('value="refuser"')) == (1, 0)
    client.post(f"/rencontres/{request.id}/reponse", data={"reponse": "accepter", "message": ""})
    db.session.refresh(request)
    assert request.state is RequestState.ACCEPTED


def test_requests_of_a_past_event_wait_for_nobody(client: IsolatedClient) -> None:
    event = make_event()
    administration, vendor = make_pair(event)
    make_request(administration, vendor)
    user = make_user(Role.VENDOR, vendor.organisation)
    client.sign_in(user)
    assert 'value="accepter"' in client.get("/rencontres").text
    assert "demande de rencontre à laquelle répondre" in client.get("/tableau-de-bord").text
    with clock.fixed_at(event.slots[-1].ends_at):
        client.sign_in(user)  # sessions do not last that long
        page = client.get("/rencontres").text
        assert 'value="accepter"' not in page
        assert administration.organisation.name in page
        assert "demande de rencontre à laquelle répondre" not in client.get("/tableau-de-bord").text


def test_invitations_of_a_past_event_take_no_answer(client: IsolatedClient) -> None:
    event = make_event()
    host, vendor = make_pair(event)
    lead_session(
        SYSTEM, event, host=host, slot=event.slots[0], theme="Visio", room=1, capacity=2, vendors=[vendor]
    )
    user = make_user(Role.VENDOR, vendor.organisation)
    assert "Accepter l’invitation" in client.sign_in(user).get("/rencontres").text
    with clock.fixed_at(event.slots[-1].ends_at):
        page = client.sign_in(user).get("/rencontres").text  # sessions do not last that long
        assert ("Visio" in page, "Accepter l’invitation" in page) == (True, False)
        assert "la réponse ne change plus" in page


def test_withdraw_request_asks_before(client: IsolatedClient) -> None:
    administration, vendor = make_pair(make_event())
    request = make_request(administration, vendor)
    client.sign_in(make_user(Role.AMBASSADOR, administration.organisation))
    path = f"/rencontres/{request.id}/retrait"
    assert path in client.get("/rencontres").text
    assert "Retirer cette demande de rencontre ?" in client.get(path).text
    assert find_request(administration.id, vendor.id) is not None
    client.post(path)
    assert find_request(administration.id, vendor.id) is None


def test_answer_request_of_another_organisation_does_not_exist(client: IsolatedClient) -> None:
    request = make_request(*make_pair(make_event()))
    client.sign_in(make_user(Role.VENDOR))
    assert client.post(f"/rencontres/{request.id}/reponse", data={"reponse": "accepter"}).status_code == 404


def test_lead_session_ranks_vendors_by_the_host_s_needs(client: IsolatedClient) -> None:
    event = make_event()
    host, far = make_pair(event)
    near = make_delegation(event, Side.VENDOR)
    need = make_need(host.organisation)
    make_proposal(need, make_offer(near.organisation), 1.8, best=2.0)
    client.sign_in(make_user(Role.AMBASSADOR, host.organisation))
    path = f"/evenements/{event.slug}/sessions/nouvelle"
    page = client.get(path).text
    assert page.index(near.organisation.name) < page.index(far.organisation.name)
    assert "90 sur 100" in page
    answer = client.post(
        path,
        data={
            "host": host.id,
            "theme": "Visio",
            "slot": event.slots[0].id,
            "room": 0,
            "capacity": 2,
            "vendors": [near.id],
        },
    )
    assert answer.status_code == 302
    assert [session.theme for session in sessions_of(event.id)] == ["Visio"]


def test_lead_session_without_theme_redisplays_the_form(client: IsolatedClient) -> None:
    event = make_event()
    host = make_delegation(event, Side.ADMINISTRATION)
    client.sign_in(make_user(Role.AMBASSADOR, host.organisation))
    page = client.post(f"/evenements/{event.slug}/sessions/nouvelle", data={"host": host.id, "capacity": 2})
    assert page.status_code == 422
    assert "Renseignez ce champ." in page.text


def test_lead_session_by_an_absent_administration_does_not_exist(client: IsolatedClient) -> None:
    event = make_event()
    client.sign_in(make_user(Role.AMBASSADOR))
    assert client.get(f"/evenements/{event.slug}/sessions/nouvelle").status_code == 404


def test_answer_invitation_shows_in_my_agenda(client: IsolatedClient) -> None:
    event = make_event()
    host, vendor = make_pair(event)
    session = lead_session(
        SYSTEM, event, host=host, slot=event.slots[0], theme="Visio", room=1, capacity=2, vendors=[vendor]
    )
    client.sign_in(make_user(Role.VENDOR, vendor.organisation))
    answer = client.post(
        f"/rencontres/sessions/{session.id}/{vendor.id}/reponse", data={"reponse": "accepter"}
    )
    assert answer.status_code == 302
    db.session.expire_all()
    assert session.invitations[0].state is InvitationState.ACCEPTED
    page = client.get("/mon-agenda").text
    assert "Session : Visio" in page
    assert "Salle 2" in page


def test_my_agenda_shows_my_meetings_in_local_time_and_no_others(client: IsolatedClient) -> None:
    event = make_event()
    administration, vendor = make_pair(event)
    other = make_delegation(event, Side.VENDOR)
    make_published(event, [(administration, vendor, 0), (administration, other, 1)])
    client.sign_in(make_user(Role.VENDOR, vendor.organisation))
    page = client.get(f"/mon-agenda?evenement={event.slug}").text
    assert ("09:00" in page, "09:25" in page, "Table 1" in page) == (True, False, True)


def test_my_calendar_keeps_uids_and_the_event_s_time_zone(client: IsolatedClient) -> None:
    event = make_event()
    administration, vendor = make_pair(event)
    make_request(administration, vendor)
    make_published(event, [(administration, vendor, 0)])
    client.sign_in(make_user(Role.AMBASSADOR, administration.organisation))
    before = Calendar.from_ical(client.get("/mon-agenda.ics").data)
    publish_schedule(SYSTEM, make_version(event, [(administration, vendor, 1)]))
    db.session.commit()
    after = Calendar.from_ical(client.get("/mon-agenda.ics").data)
    (old,), (new,) = before.walk("VEVENT"), after.walk("VEVENT")
    assert old["uid"] == new["uid"]
    assert new.decoded("dtstart") - old.decoded("dtstart") == timedelta(minutes=25)
    assert old.decoded("dtstart").replace(tzinfo=None) == event.slots[0].starts_at.astimezone(
        ZoneInfo("Europe/Paris")
    ).replace(tzinfo=None)
    assert [str(zone["tzid"]) for zone in before.walk("VTIMEZONE")] == ["Europe/Paris"]
    assert vendor.organisation.name in str(old["summary"])
