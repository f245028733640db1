"""The name and the identifier of a checked organisation wait for a moderator; those of others do not."""

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts import services
from app.accounts.enums import AskState, Standing, VendorKind
from app.accounts.models import IdentityChange, Organisation
from app.accounts.queries import actor_of
from app.accounts.services.identity import accept_identity, return_identity
from app.core.db import db
from app.core.errors import Forbidden, InvalidTransition, RuleBroken
from app.outbox.models import Mail
from app.permissions import Role
from tests.clients import IsolatedClient, another_client
from tests.factories import fresh_siren, make_user, make_vendor, saved


def edit(vendor: Organisation, *, role: Role = Role.VENDOR, **values: str | None) -> bool:
    person = make_user(role, vendor) if role is Role.VENDOR else make_user(role)
    answers = {"name": vendor.name, "city": "", "website": "", "description": "", **values}
    return services.edit_vendor(
        actor_of(person),
        vendor,
        expected_version=vendor.version,
        vendor_kind=VendorKind.PUBLISHER,
        vendor_size=None,
        **answers,  # type: ignore[arg-type]  # the values come in a dict
    )


def waiting() -> list[tuple[str, str | None]]:
    query = sa.select(IdentityChange).where(IdentityChange.state == AskState.WAITING)
    return [(row.name, row.siren) for row in db.session.scalars(query)]


def test_a_new_name_waits_while_the_rest_is_saved(app: Flask) -> None:
    vendor = make_vendor(name="Zéphyr", siren=(number := fresh_siren()))
    assert edit(vendor, name="Mistral", city="Lyon") is False
    assert (vendor.name, vendor.city, waiting()) == ("Zéphyr", "Lyon", [("Mistral", number)])
    assert edit(vendor, city="Nantes") is True
    assert waiting() == [("Mistral", number)]
    other = fresh_siren()
    assert edit(vendor, siren=other) is False
    assert (vendor.siren, waiting()) == (number, [("Zéphyr", other)])


@pytest.mark.parametrize("standing", [Standing.WAITING, Standing.RETURNED])
def test_what_nobody_has_checked_changes_at_once(app: Flask, standing: Standing) -> None:
    vendor, number = make_vendor(standing=standing, standing_reason="Essai"), fresh_siren()
    assert edit(vendor, name="Mistral", siren=number) is True
    assert (vendor.name, vendor.siren, waiting()) == ("Mistral", number, [])


def test_a_number_of_another_or_a_wrong_one_is_refused(app: Flask) -> None:
    vendor, other = make_vendor(), make_vendor()
    for number in (str(other.siren), "123456789"):
        with pytest.raises(RuleBroken) as refused:
            edit(vendor, siren=number)
        assert list(refused.value.fields) == ["siren"]
    assert waiting() == []


def asked(vendor: Organisation, **values: str) -> IdentityChange:
    return saved(IdentityChange(organisation=vendor, **{"name": vendor.name, "siren": vendor.siren} | values))


def test_a_moderator_sees_both_and_accepts(client: IsolatedClient, app: Flask) -> None:
    vendor = make_vendor(name="Zéphyr")
    member, number = make_user(Role.VENDOR, vendor), fresh_siren()
    client.sign_in(member)
    data = {"name": "Mistral", "siren": number, "vendor_kind": "publisher", "version": "1"}
    assert client.post(f"/entreprise/{vendor.id}", data=data).status_code == 302
    assert "Mistral" in client.get(f"/entreprise/{vendor.id}").text
    moderator = another_client(app).sign_in(make_user(Role.MODERATOR))
    assert "Mistral" in moderator.get("/moderation/dossiers").text
    address = f"/moderation/identites/{db.session.scalars(sa.select(IdentityChange.id)).one()}"
    page = moderator.get(address).text
    for shown in ("Zéphyr", "Mistral", number, str(vendor.siren)):
        assert shown in page
    assert moderator.post(address, data={"decision": "accept"}).status_code == 302
    db.session.expire_all()
    assert (vendor.name, vendor.siren) == ("Mistral", number)
    mail = db.session.scalars(sa.select(Mail)).one()
    assert (mail.recipient, mail.subject) == (member.email, "Votre organisation s’appelle maintenant Mistral")
    assert moderator.post(address, data={"decision": "accept"}).status_code == 409


def test_returning_needs_a_reason_and_changes_nothing(client: IsolatedClient) -> None:
    vendor = make_vendor(name="Zéphyr")
    make_user(Role.VENDOR, vendor)
    address = f"/moderation/identites/{asked(vendor, name='Mistral').id}"
    client.sign_in(make_user(Role.MODERATOR))
    assert client.post(address, data={"decision": "return"}).status_code == 422
    assert client.post(address, data={"decision": "return", "reason": "Sans Kbis."}).status_code == 302
    db.session.expire_all()
    assert (vendor.name, waiting()) == ("Zéphyr", [])
    assert "Sans Kbis." in db.session.scalars(sa.select(Mail.body)).one()


def test_only_moderators_decide_and_only_once(app: Flask) -> None:
    vendor = make_vendor()
    change, member = asked(vendor, name="Mistral"), actor_of(make_user(Role.VENDOR, vendor))
    with pytest.raises(Forbidden):
        accept_identity(member, change)
    with pytest.raises(Forbidden):
        return_identity(member, change, reason="Non.")
    moderator = actor_of(make_user(Role.MODERATOR))
    accept_identity(moderator, change)
    with pytest.raises(InvalidTransition):
        return_identity(moderator, change, reason="Non.")


def test_a_number_taken_meanwhile_is_refused_at_the_decision(app: Flask) -> None:
    number = fresh_siren()
    change = asked(make_vendor(), siren=number)
    make_vendor(siren=number)
    with pytest.raises(RuleBroken):
        accept_identity(actor_of(make_user(Role.MODERATOR)), change)


def test_its_people_take_it_back(client: IsolatedClient) -> None:
    vendor = make_vendor()
    asked(vendor, name="Mistral")
    client.sign_in(make_user(Role.VENDOR, vendor))
    address = f"/entreprise/{vendor.id}/changement/retirer"
    assert client.post(address).status_code == 302
    assert waiting() == []
    assert client.post(address).status_code == 409


def test_one_change_waits_at_a_time(app: Flask) -> None:
    vendor = make_vendor()
    asked(vendor, name="Mistral")
    with pytest.raises(sa.exc.IntegrityError):
        asked(vendor, name="Bora")
