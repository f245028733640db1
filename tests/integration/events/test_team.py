"""Who runs an event: its team and the managers of its organisation; for anybody else it has no back door."""

import pytest
from flask import Flask

from app.accounts.models import Membership, User
from app.accounts.queries import actor_of
from app.accounts.services.members import remove_member
from app.core.db import db
from app.events.enums import EventStatus
from app.events.models import Event, EventTeamMember
from app.events.queries.events import events_run_by, events_visible_to
from app.outbox.models import Mail
from app.permissions import SYSTEM, VISITOR, Permission, Role, can
from tests.clients import IsolatedClient, another_client
from tests.factories import events_office, make_administration, make_user
from tests.integration.events.factories import make_event

PAGES = ("", "/modifier", "/creneaux", "/participants", "/souhaits", "/sessions", "/planning", "/jour-j")


def team_of(event: Event, *people: object) -> None:
    event.team = [EventTeamMember(user_id=person.id) for person in people]  # type: ignore[attr-defined]
    db.session.commit()


def test_the_database_and_the_rule_agree_on_who_runs_what(app: Flask) -> None:
    office, other = events_office(), make_administration()
    mine, theirs, draft = (
        make_event(organisation=office),
        make_event(organisation=other),
        make_event(organisation=other, status=EventStatus.DRAFT),
    )
    manager, colleague = make_user(Role.ORGANISER), make_user(Role.ORGANISER, office)
    outsider, ambassador = make_user(Role.ORGANISER, other), make_user(Role.AMBASSADOR, office)
    team_of(draft, colleague, ambassador)

    for person in (manager, colleague, outsider, ambassador):
        actor = actor_of(person)
        run = [event for event in (draft, theirs, mine) if can(actor, Permission.EVENT_MANAGE, on=event)]
        assert sorted(e.id for e in events_run_by(actor)) == sorted(e.id for e in run)
        expected = {mine.id, theirs.id} | {event.id for event in run}
        assert {event.id for event in events_visible_to(actor)} == expected
    assert [event.id for event in events_run_by(actor_of(manager))] == [mine.id]
    assert [event.id for event in events_run_by(actor_of(colleague))] == [draft.id]
    assert len(events_run_by(SYSTEM)) == 3
    assert list(events_run_by(VISITOR)) == []


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_of_an_event_do_not_exist_for_other_organisers(client: IsolatedClient, page: str) -> None:
    event = make_event()
    address = f"/organisation-evenements/{event.slug}{page}"
    other, manager = make_user(Role.ORGANISER, make_administration()), make_user(Role.ORGANISER)

    assert client.sign_in(other).get(address).status_code == 404
    assert client.sign_in(manager).get(address).status_code == 200
    team_of(event, other)
    assert client.sign_in(other).get(address).status_code == 200


def test_creating_an_event_makes_one_run_it(client: IsolatedClient) -> None:
    office = make_administration()
    person = make_user(Role.ORGANISER, office)
    answers = {"name": "Rencontres", "place": "Lyon", "held_on": "2027-03-26", "tables": "3", "rooms": "0"}
    sent = {"organisation_id": str(office.id), "timezone": "Europe/Paris"}

    answer = client.sign_in(person).post("/organisation-evenements/nouveau", data=answers | sent)

    assert answer.status_code == 302
    event = db.session.query(Event).one()
    assert (event.organisation_id, [member.user_id for member in event.team]) == (office.id, [person.id])


def test_an_event_is_not_created_for_an_organisation_of_others(client: IsolatedClient) -> None:
    person, theirs = make_user(Role.ORGANISER, make_administration()), make_administration()
    second = make_administration()
    person.memberships.append(Membership(organisation=second, role=Role.ORGANISER))
    answers = {"name": "Rencontres", "place": "Lyon", "held_on": "2027-03-26", "tables": "3", "rooms": "0"}
    sent = {"organisation_id": str(theirs.id), "timezone": "Europe/Paris"}

    answer = client.sign_in(person).post("/organisation-evenements/nouveau", data=answers | sent)

    assert answer.status_code == 422
    assert db.session.query(Event).count() == 0


def test_managers_add_and_remove_the_team_which_is_told(client: IsolatedClient, app: Flask) -> None:
    event, manager, colleague = (
        make_event(),
        make_user(Role.ORGANISER),
        make_user(Role.ORGANISER, events_office()),
    )
    address = f"/organisation-evenements/{event.slug}/equipe"
    theirs, ours = another_client(app).sign_in(colleague), client.sign_in(manager)
    assert theirs.get(address).status_code == 404
    assert "Personne d’autre encore" in ours.get(address).text

    assert ours.post(address, data={"email": colleague.email.upper()}).status_code == 302

    assert colleague.name in ours.get(address).text
    page = theirs.get(address)
    assert (page.status_code, "Ajouter une personne" in page.text) == (200, False)
    assert theirs.post(address, data={"email": manager.email}).status_code == 404
    assert ours.post(address, data={"email": colleague.email}).status_code == 422
    removal = f"{address}/{colleague.id}/retirer"
    assert theirs.post(removal).status_code == 404
    assert colleague.name in ours.get(removal).text
    assert ours.post(removal).status_code == 302
    assert theirs.get(address).status_code == 404
    assert ours.post(removal).status_code == 404
    told = [(mail.recipient, mail.event_id) for mail in db.session.query(Mail)]
    assert told == [(colleague.email, event.id)] * 2


@pytest.mark.parametrize("role", [None, Role.VENDOR, Role.AMBASSADOR])
def test_only_organisers_join_a_team(client: IsolatedClient, role: Role | None) -> None:
    event, person = make_event(), make_user(role)
    client.sign_in(make_user(Role.ORGANISER))
    answer = client.post(f"/organisation-evenements/{event.slug}/equipe", data={"email": person.email})
    assert answer.status_code == 422
    assert "Aucun organisateur" in answer.text
    assert db.session.query(EventTeamMember).count() == 0


def test_who_leaves_an_organisation_leaves_the_teams_of_its_events(client: IsolatedClient) -> None:
    office, other = events_office(), make_administration()
    person = make_user(Role.ORGANISER, office)
    person.memberships.append(Membership(organisation=other, role=Role.ORGANISER))
    mine, theirs = make_event(organisation=office), make_event(organisation=other)
    team_of(mine, person)
    team_of(theirs, person)
    make_user(Role.ORGANISER, office).memberships[0].is_manager = True
    db.session.commit()
    client.sign_in(person)
    assert "l’équipe de ses événements" in client.get(f"/organisation/{office.id}/quitter").text
    assert client.post(f"/organisation/{office.id}/quitter").status_code == 302
    assert teams_of(person) == [theirs.id]
    (mail,) = [mail for mail in db.session.query(Mail) if mail.about == "event.team"]
    assert mine.name in mail.body

    client.sign_in(person)
    make_user(Role.ORGANISER, other).memberships[0].is_manager = True
    db.session.commit()
    assert client.post(f"/organisation/{other.id}/quitter").status_code == 302
    assert teams_of(person) == []


def test_who_is_removed_and_organises_nowhere_else_leaves_every_team(app: Flask) -> None:
    office, guest = events_office(), make_administration()
    chief, person = make_user(Role.ORGANISER, guest), make_user(Role.ORGANISER, guest)
    ambassador = make_user(Role.AMBASSADOR, guest)
    chief.memberships[0].is_manager = True
    event = make_event(organisation=office)
    team_of(event, person, chief)
    assert teams_of(ambassador) == []
    remove_member(actor_of(chief), guest, person.id)
    assert teams_of(person) == []
    assert teams_of(chief) == [event.id]
    assert not can(actor_of(person), Permission.EVENT_MANAGE, on=event)


def teams_of(person: User) -> list[int]:
    db.session.expire_all()
    return [row.event_id for row in db.session.query(EventTeamMember).filter_by(user_id=person.id)]
