"""Asking to join an organisation, being invited, leaving and being removed: who decides, who is told."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import flask_mailman
import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.enums import AskState
from app.accounts.models import JoinRequest, MemberInvitation, Membership, Organisation, User, UserSession
from app.accounts.queries import actor_of, get_user
from app.accounts.services import inviting, joining, members, open_session, passwords
from app.core import clock
from app.core.db import db
from app.core.errors import Forbidden, InvalidTransition, RuleBroken
from app.outbox.models import Mail
from app.permissions import Actor, Role
from tests.clients import IsolatedClient, another_client
from tests.conftest import NOW
from tests.factories import PASSWORD, make_administration, make_user, make_vendor, saved


@pytest.fixture(autouse=True)
def quick_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "hash_password", lambda password: "x" + password)


def manager_of(organisation: Organisation, role: Role = Role.VENDOR) -> User:
    person = make_user(role, organisation)
    person.memberships[0].is_manager = True
    db.session.commit()
    return person


def actor(person: User) -> Actor:
    db.session.expire_all()
    return actor_of(get_user(person.id))


def mails() -> list[tuple[str, str]]:
    rows = db.session.scalars(sa.select(Mail).order_by(Mail.id))
    return [(row.recipient, row.subject) for row in rows]


def roles_in(organisation: Organisation, person: User) -> list[Role]:
    query = sa.select(Membership.role).filter_by(organisation_id=organisation.id, user_id=person.id)
    return list(db.session.scalars(query))


def test_a_person_asks_by_the_number_and_a_manager_admits_them(client: IsolatedClient, app: Flask) -> None:
    vendor = make_vendor(name="Zéphyr")
    chief, newcomer = manager_of(vendor), make_user()
    client.sign_in(newcomer)
    assert "Aucune organisation" in client.get("/organisation").text
    spaced = f"{vendor.siren[:3]} {vendor.siren[3:]}"  # type: ignore[index]  # it has one

    assert client.post("/organisation/rejoindre", data={"organisation": spaced}).location == "/organisation"

    assert "Zéphyr" in client.get("/organisation").text
    assert mails() == [(chief.email, f"{newcomer.name} demande à rejoindre Zéphyr")]
    theirs = another_client(app).sign_in(chief)
    assert "demande de rejoindre votre organisation" in theirs.get("/tableau-de-bord").text
    page = theirs.get(theirs.get("/organisation").location).text
    address = re.findall(r'action="(/organisation/demandes/\d+/admettre)"', page)[0]
    assert theirs.post(address).status_code == 302
    assert roles_in(vendor, newcomer) == [Role.VENDOR]
    assert mails()[-1] == (newcomer.email, "Vous faites partie de Zéphyr")
    assert client.get("/organisation").location.startswith("/connexion")  # a new role ends sessions
    assert theirs.post(address).status_code == 409


@pytest.mark.parametrize("typed", ["zephyr", "ZÉPHYR "])
def test_an_organisation_is_found_by_its_folded_name(app: Flask, typed: str) -> None:
    vendor = make_vendor(name="Zéphyr")
    assert joining.organisation_to_join(typed).id == vendor.id


@pytest.mark.parametrize("typed", ["Inconnue", "123456789", "000000000"])
def test_an_unknown_organisation_is_said_so_beside_the_field(client: IsolatedClient, typed: str) -> None:
    client.sign_in(make_user())
    answer = client.post("/organisation/rejoindre", data={"organisation": typed})
    assert answer.status_code == 422
    assert typed in answer.text
    assert db.session.scalar(sa.select(sa.func.count(JoinRequest.id))) == 0


def test_two_of_one_name_are_not_guessed_between(app: Flask) -> None:
    make_vendor(name="Zéphyr"), make_vendor(name="Zephyr")
    with pytest.raises(RuleBroken):
        joining.organisation_to_join("zéphyr")


def test_asking_twice_is_asking_once_and_a_member_does_not_ask(app: Flask) -> None:
    vendor, person = make_vendor(), make_user()
    manager_of(vendor)
    first = joining.ask_to_join(person, vendor)
    assert joining.ask_to_join(person, vendor).id == first.id
    assert len(mails()) == 1
    with pytest.raises(RuleBroken, match="déjà partie"):
        joining.ask_to_join(make_user(Role.VENDOR, vendor), vendor)


def test_a_request_from_an_unconfirmed_address_is_neither_told_nor_admitted(app: Flask) -> None:
    vendor, person = make_vendor(), make_user(confirmed_at=None)
    chief = manager_of(vendor)
    asked = joining.ask_to_join(person, vendor)
    assert mails() == []
    with pytest.raises(InvalidTransition, match="pas encore confirmé"):
        joining.admit(actor(chief), asked)
    person.confirmed_at = NOW
    joining.tell_what_waited(person)
    assert [to for to, _subject in mails()] == [chief.email]
    joining.admit(actor(chief), asked)


def test_declining_needs_a_reason_which_the_person_reads(client: IsolatedClient) -> None:
    vendor, person = make_vendor(name="Zéphyr"), make_user()
    chief = manager_of(vendor)
    asked = joining.ask_to_join(person, vendor)
    address = f"/organisation/demandes/{asked.id}/decliner"
    client.sign_in(chief)
    assert client.post(address, data={"reason": " "}).status_code == 422
    assert client.post(address, data={"reason": "Vous êtes parti en mai."}).status_code == 302
    db.session.expire_all()
    assert (asked.state, asked.reason, asked.decided_by_id) == (
        AskState.DECLINED,
        "Vous êtes parti en mai.",
        chief.id,
    )
    told = db.session.scalars(sa.select(Mail).where(Mail.recipient == person.email)).one()
    assert "Vous êtes parti en mai." in told.body
    assert joining.ask_to_join(person, vendor).id != asked.id


def test_only_managers_of_this_organisation_and_moderators_decide(app: Flask) -> None:
    vendor = make_vendor()
    asked = joining.ask_to_join(make_user(), vendor)
    member, stranger = make_user(Role.VENDOR, vendor), manager_of(make_vendor())
    for person in (member, stranger):
        with pytest.raises(Forbidden):
            joining.admit(actor(person), asked)
        with pytest.raises(Forbidden):
            joining.decline(actor(person), asked, reason="Non.")
    joining.admit(actor(make_user(Role.MODERATOR)), asked)
    assert asked.state is AskState.ACCEPTED


def test_where_nobody_manages_moderators_are_told_and_see_it(client: IsolatedClient) -> None:
    moderator, vendor, person = make_user(Role.MODERATOR), make_vendor(name="Zéphyr"), make_user()
    joining.ask_to_join(person, vendor)
    assert [to for to, _subject in mails()] == [moderator.email]
    client.sign_in(moderator)
    assert f"/organisation/{vendor.id}" in client.get("/moderation/dossiers").text
    assert person.email in client.get(f"/organisation/{vendor.id}").text


def test_a_manager_gives_only_the_roles_they_hold(app: Flask) -> None:
    office = make_administration()
    chief, asked = manager_of(office, Role.AMBASSADOR), joining.ask_to_join(make_user(), office)
    for refused in (Role.ORGANISER, Role.MODERATOR, Role.VENDOR):
        with pytest.raises(RuleBroken, match="ce rôle"):
            joining.admit(actor(chief), asked, refused)
    joining.admit(actor(chief), asked, Role.AMBASSADOR)
    assert roles_in(office, asked.user) == [Role.AMBASSADOR]


def test_of_two_admissions_at_once_one_is_taken(app: Flask) -> None:
    vendor, person = make_vendor(), make_user()
    chief, asked = manager_of(vendor), joining.ask_to_join(person, vendor)
    address = f"/organisation/demandes/{asked.id}/admettre"
    clients = [another_client(app).sign_in(chief) for _n in range(4)]

    def attempt(client: IsolatedClient) -> int:
        with app.app_context():
            status: int = client.post(address).status_code
        return status

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(attempt, clients))

    assert answers == [302, 409, 409, 409]
    assert roles_in(vendor, person) == [Role.VENDOR]
    assert [to for to, _subject in mails()].count(person.email) == 1


def test_one_takes_back_ones_own_request_only(client: IsolatedClient) -> None:
    person, asked = make_user(), joining.ask_to_join(make_user(), make_vendor())
    mine = joining.ask_to_join(person, make_vendor())
    client.sign_in(person)
    assert client.post(f"/organisation/demandes/{asked.id}/retirer").status_code == 404
    assert client.post(f"/organisation/demandes/{mine.id}/retirer").status_code == 302
    db.session.expire_all()
    assert (mine.state, asked.state) == (AskState.WITHDRAWN, AskState.WAITING)


def test_signing_up_with_a_known_number_asks_to_join(client: IsolatedClient) -> None:
    vendor = make_vendor(name="Zéphyr")
    data = {
        **{"company": "Zéphyr", "country": "FR", "siren": str(vendor.siren), "vendor_kind": "publisher"},
        **{"vendor_size": "sme", "person": "Ada Témoin", "email": "ada@zephyr.example", "password": PASSWORD},
    }
    refused = client.post("/inscription", data=data)
    assert refused.status_code == 422
    assert "Demander à la rejoindre" in refused.text

    assert client.post("/inscription", data=data | {"joins": "y"}).location == "/organisation"

    asked = db.session.scalars(sa.select(JoinRequest)).one()
    assert (asked.user.email, asked.organisation_id) == ("ada@zephyr.example", vendor.id)
    assert db.session.scalar(sa.select(sa.func.count(Organisation.id))) == 1
    page = client.get("/organisation").text
    assert "Confirmez d’abord votre adresse" in page


def invited_link(app: Flask, run_jobs: Callable[[], int]) -> str:
    box: flask_mailman.Mail = app.extensions["mailman"]
    box.outbox = []
    run_jobs()
    return str(re.findall(r"http\S+?(/invitation/\S+)", box.outbox[-1].body)[0])


def test_an_invited_person_without_account_makes_one(
    client: IsolatedClient, app: Flask, run_jobs: Callable[[], int]
) -> None:
    vendor = make_vendor()
    chief = manager_of(vendor)
    client.sign_in(chief)
    sent = client.post(
        f"/organisation/{vendor.id}/inviter", data={"email": "Ada@zephyr.example", "role": "vendor"}
    )
    assert sent.status_code == 302
    link = invited_link(app, run_jobs)
    visitor = another_client(app)
    assert "ada@zephyr.example" in visitor.get(link).text
    assert visitor.post(link, data={"name": "Ada", "password": "court"}).status_code == 422

    done = visitor.post(link, data={"name": "Ada", "password": PASSWORD})

    assert done.location == f"/organisation/{vendor.id}"
    assert visitor.get(done.location).status_code == 200
    person = db.session.scalars(sa.select(User).filter_by(email="ada@zephyr.example")).one()
    assert person.confirmed_at == NOW
    assert mails()[-1][0] == chief.email
    assert visitor.get(link).status_code == 404
    invitation = db.session.scalars(sa.select(MemberInvitation)).one()
    assert invitation.token_hash not in (None, link.rpartition("/")[2])


def test_an_invitation_is_for_one_address(
    client: IsolatedClient, app: Flask, run_jobs: Callable[[], int]
) -> None:
    vendor, person = make_vendor(), make_user()
    inviting.invite(actor(manager_of(vendor)), vendor, email=person.email, role=Role.VENDOR)
    db.session.commit()
    link = invited_link(app, run_jobs)
    assert client.post(link).location.startswith("/connexion?next=")
    assert another_client(app).sign_in(make_user()).post(link).status_code == 403
    assert client.sign_in(person).post(link).location == f"/organisation/{vendor.id}"
    assert client.get(f"/organisation/{vendor.id}").status_code == 200


def drawn(email: str = "ada@zephyr.example") -> tuple[Actor, MemberInvitation, str]:
    vendor = make_vendor()
    chief = actor(manager_of(vendor))
    invitation = inviting.invite(chief, vendor, email=email, role=Role.VENDOR)
    found = inviting.draw_invitation_token(invitation.id)
    assert found is not None
    return chief, invitation, found[1]


def test_an_invitation_expires_to_the_second(app: Flask) -> None:
    _chief, invitation, token = drawn()
    with clock.fixed_at(invitation.expires_at - timedelta(seconds=1)):
        assert inviting.find_invitation(token).id == invitation.id
    with clock.fixed_at(invitation.expires_at), pytest.raises(Exception, match="plus valable"):
        inviting.find_invitation(token)


def test_a_cancelled_or_replaced_invitation_opens_nothing(app: Flask) -> None:
    chief, invitation, token = drawn()
    inviting.invite(chief, invitation.organisation, email=invitation.email, role=Role.VENDOR)
    with pytest.raises(Exception, match="plus valable"):
        inviting.find_invitation(token)
    again = db.session.scalars(sa.select(MemberInvitation)).one()
    inviting.cancel_invitation(chief, again)
    assert db.session.scalar(sa.select(sa.func.count(MemberInvitation.id))) == 0


def test_who_may_not_invite_does_not(app: Flask) -> None:
    vendor = make_vendor()
    for person in (make_user(Role.VENDOR, vendor), manager_of(make_vendor()), make_user()):
        with pytest.raises(Forbidden):
            inviting.invite(actor(person), vendor, email="a@b.example", role=Role.VENDOR)
    chief = manager_of(vendor)
    with pytest.raises(RuleBroken, match="déjà partie"):
        inviting.invite(actor(chief), vendor, email=chief.email.upper(), role=Role.VENDOR)
    with pytest.raises(RuleBroken, match="ce rôle"):
        inviting.invite(actor(chief), vendor, email="a@b.example", role=Role.MODERATOR)


def test_the_last_manager_leaves_only_after_naming_another(client: IsolatedClient, app: Flask) -> None:
    vendor = make_vendor()
    chief, member = manager_of(vendor), make_user(Role.VENDOR, vendor)
    open_session(member)
    client.sign_in(chief)
    assert "nommez-en d’abord une autre" in client.get(f"/organisation/{vendor.id}/quitter").text
    assert client.post(f"/organisation/{vendor.id}/quitter").status_code == 409
    named = f"/organisation/{vendor.id}/membres/{member.id}/gestionnaire"
    assert client.post(named, data={"manager": "yes"}).status_code == 302
    assert db.session.scalar(sa.select(sa.func.count(UserSession.id)).filter_by(user_id=member.id)) == 0

    assert client.post(f"/organisation/{vendor.id}/quitter").location == "/organisation"

    assert roles_in(vendor, chief) == []
    assert "Aucune organisation" in client.get("/organisation").text
    assert client.get(f"/organisation/{vendor.id}").status_code == 404


def test_the_last_manager_cannot_be_removed_nor_step_down(app: Flask) -> None:
    vendor = make_vendor()
    chief, moderator = manager_of(vendor), actor(make_user(Role.MODERATOR))
    with pytest.raises(InvalidTransition, match="dernière personne"):
        members.set_manager(moderator, vendor, chief.id, is_manager=False)
    with pytest.raises(InvalidTransition, match="dernière personne"):
        members.remove_member(moderator, vendor, chief.id)
    with pytest.raises(InvalidTransition, match="soi-même"):
        members.remove_member(actor(chief), vendor, chief.id)
    second = manager_of(vendor)
    members.set_manager(actor(chief), vendor, second.id, is_manager=False)
    assert not second.memberships[0].is_manager


def test_a_suspended_manager_does_not_count(app: Flask) -> None:
    vendor = make_vendor()
    chief, other = manager_of(vendor), manager_of(vendor)
    other.is_active, other.suspension_reason = False, "Essai"
    db.session.commit()
    assert members.is_last_manager(vendor, chief.id)


def test_of_two_managers_who_leave_at_once_one_stays(app: Flask) -> None:
    vendor = make_vendor()
    people, address = [manager_of(vendor), manager_of(vendor)], f"/organisation/{vendor.id}/quitter"
    clients = [another_client(app).sign_in(person) for person in people]

    def attempt(client: IsolatedClient) -> int:
        with app.app_context():
            status: int = client.post(address).status_code
        return status

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, clients)) == [302, 409]
    db.session.rollback()  # to see what the two did
    assert db.session.scalar(sa.select(sa.func.count(Membership.id)).filter_by(is_manager=True)) == 1


def test_removing_a_member_ends_their_sessions_and_tells_them(client: IsolatedClient, app: Flask) -> None:
    vendor = make_vendor(name="Zéphyr")
    chief, member = manager_of(vendor), make_user(Role.VENDOR, vendor)
    theirs = another_client(app).sign_in(member)
    address = f"/organisation/{vendor.id}/membres/{member.id}/retirer"
    assert theirs.post(address).status_code == 404
    client.sign_in(chief)
    assert member.name in client.get(address).text
    assert client.post(address).status_code == 302
    assert theirs.get("/compte").location.startswith("/connexion")
    assert mails() == [(member.email, "Vous ne faites plus partie de Zéphyr.")]
    assert client.post(address).status_code == 404


def test_being_a_moderator_is_not_for_managers_to_take(app: Flask) -> None:
    office = make_administration()
    chief, moderator = manager_of(office, Role.AMBASSADOR), make_user(Role.MODERATOR, office)
    with pytest.raises(Exception, match=r"^$"):
        members.remove_member(actor(chief), office, moderator.id)
    moderator.memberships.append(Membership(organisation=office, role=Role.AMBASSADOR))
    db.session.commit()
    members.remove_member(actor(chief), office, moderator.id)
    assert roles_in(office, moderator) == [Role.MODERATOR]


@pytest.mark.parametrize(
    "values",
    [
        {"state": AskState.DECLINED, "decided_at": NOW},
        {"state": AskState.ACCEPTED},
        {"state": AskState.WAITING, "decided_at": NOW},
    ],
)
def test_the_database_refuses_a_decision_half_taken(app: Flask, values: dict[str, object]) -> None:
    with pytest.raises(sa.exc.IntegrityError):
        saved(JoinRequest(user=make_user(), organisation=make_vendor(), **values))
