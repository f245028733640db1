"""Reading the ledger: whose claims one may change."""

import pytest
from flask import Flask

from app.accounts.queries import actor_of
from app.claims.enums import ClaimStatus
from app.claims.queries import get_claim_to_edit
from app.core.errors import NotFound
from app.permissions import Role
from tests.factories import make_offer, make_user, make_vendor


def test_get_claim_to_edit_hides_that_of_another_company(app: Flask) -> None:
    vendor = make_vendor()
    claim = make_offer(vendor, facts={"open_source": ClaimStatus.DECLARED}).claims[0]
    assert get_claim_to_edit(actor_of(make_user(Role.VENDOR, vendor)), claim.id) is claim
    with pytest.raises(NotFound):
        get_claim_to_edit(actor_of(make_user(Role.VENDOR)), claim.id)
