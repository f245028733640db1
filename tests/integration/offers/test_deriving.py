"""An attribute that is new is one that fields already speak of: derived for all at once, not at the next
save."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.enums import VendorSize
from app.accounts.queries import actor_of
from app.claims.enums import ClaimOrigin
from app.claims.models import Claim
from app.core.db import db
from app.offers.models import Offer
from app.offers.services import deriving
from app.permissions import Role
from app.reference.enums import AttributeType, CriterionOperator, CriterionSubject, VerificationPolicy
from app.reference.services import add_criterion
from tests.factories import make_offer, make_user, make_vendor


def claimed() -> list[tuple[str, ClaimOrigin, object, int | None]]:
    rows = db.session.scalars(sa.select(Claim).order_by(Claim.attribute_key, Claim.id))
    return [(row.attribute_key, row.origin, row.value, row.offer_id) for row in rows]


@pytest.mark.parametrize("a_commit", [1, 100])
def test_a_new_criterion_is_answered_by_what_fields_say(
    app: Flask, run_jobs: Callable[[], int], monkeypatch: pytest.MonkeyPatch, a_commit: int
) -> None:
    monkeypatch.setattr(deriving, "A_COMMIT", a_commit)
    vendor = make_vendor(vendor_size=VendorSize.SME)
    quick = make_offer(organisation=vendor, lead_time_days=15)
    free = make_offer(organisation=vendor, licence="MIT", lead_time_days=None)
    make_offer(organisation=vendor, licence=None, lead_time_days=None)
    db.session.execute(sa.delete(Claim))
    db.session.commit()
    moderator = actor_of(make_user(Role.MODERATOR))
    words: Any = {"question_fr": "?", "question_en": "?", "label_fr": "L", "label_en": "L", "position": 1}
    words["verification_policy"] = next(iter(VerificationPolicy))

    add_criterion(moderator, key="open_source", subject=CriterionSubject.OFFER, **words)
    add_criterion(
        moderator,
        key="lead_time_days",
        subject=CriterionSubject.OFFER,
        measured={"type": AttributeType.NUMBER, "operator": CriterionOperator.AT_MOST, "operand": 30},
        **words,
    )
    add_criterion(moderator, key="sme", subject=CriterionSubject.ORGANISATION, **words)
    db.session.commit()
    assert claimed() == []
    run_jobs()

    expected = [
        ("lead_time_days", ClaimOrigin.LEAD_TIME, 15, quick.id),
        ("open_source", ClaimOrigin.LICENCE, True, free.id),
        ("sme", ClaimOrigin.RECORD, True, None),
    ]
    assert claimed() == expected
    deriving.derive_all(lambda done, total: None)
    assert claimed() == expected, "done again, nothing is claimed twice"


def test_progress_is_told_by_part(app: Flask) -> None:
    make_offer(licence="MIT", organisation=make_vendor(vendor_size=VendorSize.SME))
    db.session.commit()
    told: list[tuple[int, int]] = []
    deriving.derive_all(lambda done, total: told.append((done, total)))
    offers = db.session.scalar(sa.select(sa.func.count(Offer.id)).where(Offer.licence.is_not(None))) or 0
    assert told == [(offers, offers + 1), (offers + 1, offers + 1)]
