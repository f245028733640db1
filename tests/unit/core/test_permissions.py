"""The grants table: default deny, own and any scopes."""

import pytest

from app.core.errors import Forbidden, NotFound
from app.permissions import GRANTS, SYSTEM, VISITOR, Actor, Permission, Role, can, require, require_visible

AMBASSADOR = Actor(user_id=1, roles={Role.AMBASSADOR: frozenset({10})})
MODERATOR = Actor(user_id=2, roles={Role.MODERATOR: frozenset({99})})


def test_every_permission_has_a_row() -> None:
    assert set(GRANTS) == set(Permission)


@pytest.mark.parametrize(
    ("actor", "permission", "organisation_id", "expected"),
    [
        (VISITOR, Permission.CATALOGUE_READ, None, True),
        (VISITOR, Permission.NEED_CREATE, None, False),
        (VISITOR, Permission.ACCOUNT_MANAGE_OWN, None, False),
        (AMBASSADOR, Permission.NEED_EDIT, 10, True),
        (AMBASSADOR, Permission.NEED_EDIT, 11, False),
        (AMBASSADOR, Permission.NEED_EDIT, None, True),
        (AMBASSADOR, Permission.OFFER_EDIT, 10, False),
        (AMBASSADOR, Permission.CLAIM_DECIDE, None, False),
        (MODERATOR, Permission.CLAIM_DECIDE, 10, True),
        (MODERATOR, Permission.NEED_EDIT, 10, False),
        (SYSTEM, Permission.NEED_EDIT, 10, True),
    ],
)
def test_can(actor: Actor, permission: Permission, organisation_id: int | None, expected: bool) -> None:
    assert can(actor, permission, organisation_id=organisation_id) is expected


def test_require_refuses_and_require_visible_hides() -> None:
    require(AMBASSADOR, Permission.NEED_EDIT, organisation_id=10)
    with pytest.raises(Forbidden):
        require(AMBASSADOR, Permission.NEED_EDIT, organisation_id=11)
    with pytest.raises(NotFound):
        require_visible(AMBASSADOR, Permission.NEED_EDIT, organisation_id=11)
