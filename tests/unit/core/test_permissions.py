"""The grants table: default deny, own and any scopes; the object is mandatory where a grant depends on it."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Forbidden, NotFound
from app.permissions import (
    GRANTS,
    SYSTEM,
    VISITOR,
    Actor,
    Everyone,
    Permission,
    Role,
    Scope,
    Team,
    can,
    may_somewhere,
    needs_object,
    require,
    require_visible,
)


@dataclass(frozen=True)
class Thing:
    owner_id: int | None


@dataclass(frozen=True)
class Happening:
    owner_id: int | None
    run_by: Team


MINE, THEIRS, NOBODYS = Thing(10), Thing(11), Thing(None)
AMBASSADOR = Actor(user_id=1, roles={Role.AMBASSADOR: frozenset({10})})
MODERATOR = Actor(user_id=2, roles={Role.MODERATOR: frozenset({99})})


def test_every_permission_has_a_row() -> None:
    assert set(GRANTS) == set(Permission)


@pytest.mark.parametrize(
    ("actor", "permission", "thing", "expected"),
    [
        (VISITOR, Permission.NEED_CREATE, MINE, False),
        (AMBASSADOR, Permission.NEED_EDIT, MINE, True),
        (AMBASSADOR, Permission.NEED_EDIT, THEIRS, False),
        (AMBASSADOR, Permission.NEED_EDIT, NOBODYS, False),
        (AMBASSADOR, Permission.OFFER_EDIT, MINE, False),
        (MODERATOR, Permission.CLAIM_DECIDE, MINE, True),
        (MODERATOR, Permission.NEED_EDIT, MINE, False),
        (SYSTEM, Permission.NEED_EDIT, THEIRS, True),
    ],
)
def test_can_on_an_object(actor: Actor, permission: Permission, thing: Thing, expected: bool) -> None:
    assert can(actor, permission, on=thing) is expected


@pytest.mark.parametrize(
    ("actor", "permission", "expected"),
    [
        (VISITOR, Permission.CATALOGUE_READ, True),
        (VISITOR, Permission.ACCOUNT_MANAGE_OWN, False),
        (AMBASSADOR, Permission.ACCOUNT_MANAGE_OWN, True),
        (AMBASSADOR, Permission.CLAIM_DECIDE, False),
        (MODERATOR, Permission.CLAIM_DECIDE, True),
        (SYSTEM, Permission.CLAIM_DECIDE, True),
    ],
)
def test_can_where_no_object_matters(actor: Actor, permission: Permission, expected: bool) -> None:
    assert can(actor, permission) is expected


@pytest.mark.parametrize("actor", [VISITOR, AMBASSADOR, MODERATOR, SYSTEM])
@pytest.mark.parametrize("permission", [item for item in Permission if needs_object(item)])
def test_leaving_the_object_out_is_a_fault_of_the_program(actor: Actor, permission: Permission) -> None:
    for ask in (can, require, require_visible):
        with pytest.raises(TypeError, match="depends on the object"):
            ask(actor, permission)


def test_which_permissions_need_an_object() -> None:
    own = {permission for permission, grants in GRANTS.items() if any(_depends(grant) for grant in grants)}

    assert {item for item in Permission if needs_object(item)} == own
    assert Permission.NEED_EDIT in own
    assert Permission.AUDIT_READ not in own


def _depends(grant: object) -> bool:
    return not isinstance(grant, Everyone) and grant[1] is not Scope.ANY  # type: ignore[index]  # a (role, scope)


@pytest.mark.parametrize(
    ("actor", "permission", "expected"),
    [
        (VISITOR, Permission.NEED_CREATE, False),
        (VISITOR, Permission.CATALOGUE_READ, True),
        (AMBASSADOR, Permission.NEED_CREATE, True),
        (AMBASSADOR, Permission.OFFER_CREATE, False),
        (AMBASSADOR, Permission.ACCOUNT_MANAGE_OWN, True),
        (SYSTEM, Permission.OFFER_CREATE, True),
    ],
)
def test_may_somewhere(actor: Actor, permission: Permission, expected: bool) -> None:
    assert may_somewhere(actor, permission) is expected


EVENT = Happening(10, Team(10, frozenset({1, 2})))
IN_10 = {Role.ORGANISER: frozenset({10})}
IN_11 = {Role.ORGANISER: frozenset({11})}


@pytest.mark.parametrize(
    ("actor", "expected"),
    [
        (Actor(1, IN_10), True),
        (Actor(1, IN_11), True),  # a colleague from elsewhere, in the team
        (Actor(3, IN_10), False),  # an organiser of the same organisation, of other events
        (Actor(3, IN_10, manages=frozenset({10})), True),
        (Actor(3, IN_11, manages=frozenset({11})), False),
        (Actor(3, IN_11, manages=frozenset({10})), False),  # manages the owner, is no organiser there
        (Actor(1, {Role.AMBASSADOR: frozenset({10})}, manages=frozenset({10})), False),
        (VISITOR, False),
        (SYSTEM, True),
    ],
)
def test_an_event_is_run_by_its_team_and_its_managers(actor: Actor, expected: bool) -> None:
    assert can(actor, Permission.EVENT_MANAGE, on=EVENT) is expected


def test_a_thing_that_no_event_holds_has_no_team() -> None:
    assert can(Actor(1, IN_10), Permission.MEETING_REQUEST, on=MINE) is False


def test_who_belongs_to_a_delegation_acts_for_it_without_running_the_event() -> None:
    delegation = Happening(30, Team(10, frozenset({1})))
    theirs = Actor(9, {Role.VENDOR: frozenset({30})})

    assert can(theirs, Permission.MEETING_ANSWER, on=delegation) is True
    assert can(theirs, Permission.EVENT_MANAGE, on=delegation) is False
    assert can(Actor(1, IN_11), Permission.MEETING_ANSWER, on=delegation) is True


def test_managed_are_the_organisations_where_one_holds_the_role_and_manages() -> None:
    actor = Actor(1, {Role.ORGANISER: frozenset({10, 11}), Role.VENDOR: frozenset({12})}, frozenset({11, 12}))

    assert actor.managed(Role.ORGANISER) == frozenset({11})
    assert actor.managed(Role.VENDOR) == frozenset({12})
    assert actor.managed(Role.MODERATOR) == frozenset()


@given(
    role=st.sampled_from(Role),
    mine=st.frozensets(st.integers(1, 5)),
    owner=st.none() | st.integers(1, 5),
    permission=st.sampled_from(Permission),
)
def test_what_one_can_do_somewhere_includes_what_one_can_do_here(
    role: Role, mine: frozenset[int], owner: int | None, permission: Permission
) -> None:
    actor = Actor(user_id=1, roles={role: mine})
    if can(actor, permission, on=Thing(owner)):
        assert may_somewhere(actor, permission)
    elif (role, Scope.OWN) in GRANTS[permission]:
        assert owner not in mine


def test_require_refuses_and_require_visible_hides() -> None:
    require(AMBASSADOR, Permission.NEED_EDIT, on=MINE)
    require_visible(AMBASSADOR, Permission.NEED_EDIT, on=MINE)
    with pytest.raises(Forbidden):
        require(AMBASSADOR, Permission.NEED_EDIT, on=THEIRS)
    with pytest.raises(NotFound):
        require_visible(AMBASSADOR, Permission.NEED_EDIT, on=THEIRS)


@pytest.mark.parametrize(
    ("actor", "allowed"),
    [
        (Actor(1, {Role.VENDOR: frozenset({10})}, manages=frozenset({10})), True),
        (Actor(1, {Role.VENDOR: frozenset({10})}), False),
        (Actor(1, {Role.VENDOR: frozenset({10, 11})}, manages=frozenset({11})), False),
        (Actor(1, {Role.MODERATOR: frozenset({12})}), True),
        (Actor(1, manages=frozenset({10})), False),
    ],
)
def test_managed_scope_takes_a_manager_of_the_owner(actor: Actor, allowed: bool) -> None:
    assert can(actor, Permission.PEOPLE_MANAGE, on=MINE) is allowed
    assert can(actor, Permission.PEOPLE_MANAGE, on=NOBODYS) is (Role.MODERATOR in actor.roles)


def test_organisations_are_those_of_the_roles_named_or_of_all() -> None:
    actor = Actor(1, {Role.VENDOR: frozenset({10}), Role.AMBASSADOR: frozenset({11})})
    assert actor.organisations(Role.VENDOR) == frozenset({10})
    assert actor.organisations() == frozenset({10, 11})
    assert VISITOR.organisations() == frozenset()
    assert VISITOR.is_confirmed


HOLDERS = {
    Permission.DOCTRINE_READ: {Role.AMBASSADOR, Role.MODERATOR},
    Permission.EVIDENCE_READ: {Role.AMBASSADOR, Role.MODERATOR, Role.VENDOR},
    Permission.MEETING_ANSWER: {Role.AMBASSADOR, Role.VENDOR, Role.ORGANISER},
    Permission.MEETING_REQUEST: {Role.AMBASSADOR, Role.VENDOR, Role.ORGANISER},
    Permission.NEED_READ_DRAFT: {Role.AMBASSADOR, Role.MODERATOR},
    Permission.ORGANISATION_EDIT: {Role.VENDOR, Role.AMBASSADOR},
    Permission.PEOPLE_MANAGE: set(Role),
    Permission.PEOPLE_READ: set(Role),
    Permission.PROPOSAL_READ: {Role.AMBASSADOR, Role.MODERATOR},
    Permission.SESSION_LEAD: {Role.AMBASSADOR, Role.ORGANISER},
}


@pytest.mark.parametrize("permission", list(Permission))
def test_what_several_roles_hold_is_held_by_these_and_no_other(permission: Permission) -> None:
    """The table of routes tries the same on pages; this names whom the loss of a grant would lock out."""
    roles = {grant[0] for grant in GRANTS[permission] if isinstance(grant, tuple)}
    assert roles == HOLDERS.get(permission, roles)
    assert len(roles) < 2 or permission in HOLDERS
