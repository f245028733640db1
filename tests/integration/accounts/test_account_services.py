"""Rules of organisations, people and roles."""

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts import services
from app.accounts.enums import AdministrationKind, VendorKind
from app.accounts.models import Membership, User
from app.accounts.queries import actor_of
from app.audit.models import AuditEntry
from app.core.db import db
from app.core.errors import Conflict, Forbidden, InvalidTransition, RuleBroken
from app.permissions import SYSTEM, Role
from tests.factories import make_administration, make_user, make_vendor

EDIT = {
    "name": "Abeille",
    "vendor_kind": VendorKind.PUBLISHER,
    "vendor_size": None,
    "city": "",
    "website": "",
    "description": "",
}


@pytest.mark.parametrize("typed", ["552 100 554", "552100554", " 552-100-554 "])
def test_clean_siren_accepts_blanks(app: Flask, typed: str) -> None:
    assert services.clean_siren(typed) == "552100554"


@pytest.mark.parametrize("typed", ["552100555", "55210055", "abc", "552 100 554 0"])
def test_clean_siren_refuses_a_wrong_key_or_length(app: Flask, typed: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        services.clean_siren(typed)
    assert list(refused.value.fields) == ["siren"]


def test_clean_siren_of_nothing_is_none(app: Flask) -> None:
    assert services.clean_siren(" ") is None


def test_register_administration_is_for_imports(app: Flask) -> None:
    with pytest.raises(Forbidden):
        services.register_administration(
            actor_of(make_user(Role.VENDOR)), name="X", administration_kind=AdministrationKind.LOCAL
        )
    made = services.register_administration(
        SYSTEM, name="Direction", acronym="DNUM", administration_kind=AdministrationKind.MINISTRY
    )
    assert (made.slug, made.administration_kind) == ("dnum", AdministrationKind.MINISTRY)


def test_add_member_twice_gives_one_role(app: Flask) -> None:
    vendor, user = make_vendor(), make_user()
    first = services.add_member(SYSTEM, vendor, user, Role.VENDOR)
    assert services.add_member(SYSTEM, vendor, user, Role.VENDOR) is first
    assert db.session.scalar(sa.select(sa.func.count(Membership.id))) == 1
    assert actor_of(user).organisations(Role.VENDOR) == {vendor.id}


def test_register_user_of_a_taken_address_is_refused_and_leaves_the_rest(app: Flask) -> None:
    make_user(email="ada@exemple.fr")
    vendor = make_vendor()
    vendor.city = "Lyon"
    with pytest.raises(RuleBroken) as refused:
        services.register_user(
            SYSTEM, email=" Ada@exemple.fr ", name="Ada", password="une phrase assez longue"
        )
    assert list(refused.value.fields) == ["email"]
    db.session.commit()
    assert db.session.scalar(sa.select(sa.func.count(User.id))) == 1
    assert vendor.city == "Lyon"


def test_register_user_with_a_short_password_is_refused(app: Flask) -> None:
    with pytest.raises(RuleBroken) as refused:
        services.register_user(SYSTEM, email="ada@exemple.fr", name="Ada", password="court")
    assert list(refused.value.fields) == ["password"]


def test_edit_vendor_audits_and_refuses_an_old_version(app: Flask) -> None:
    vendor = make_vendor()
    actor = actor_of(make_user(Role.VENDOR, vendor))
    values = EDIT | {"name": vendor.name, "city": "Lyon"}
    services.edit_vendor(actor, vendor, expected_version=1, **values)  # type: ignore[arg-type]  # the values come in a dict
    assert (vendor.city, vendor.version) == ("Lyon", 2)
    assert list(db.session.scalars(sa.select(AuditEntry.action))) == ["organisation.edited"]
    with pytest.raises(Conflict):
        services.edit_vendor(actor, vendor, expected_version=1, **EDIT)  # type: ignore[arg-type]  # the values come in a dict


def test_edit_vendor_of_another_or_of_an_administration_is_refused(app: Flask) -> None:
    with pytest.raises(Forbidden):
        services.edit_vendor(
            actor_of(make_user(Role.VENDOR)),
            make_vendor(),
            expected_version=1,
            **EDIT,  # type: ignore[arg-type]  # the values come in a dict
        )
    ministry = make_administration()
    with pytest.raises(InvalidTransition):
        services.edit_vendor(
            actor_of(make_user(Role.AMBASSADOR, ministry)),
            ministry,
            expected_version=1,
            **EDIT,  # type: ignore[arg-type]  # the values come in a dict
        )
