"""Offers are found by who sells them: a change of that record is a change of each of its published offers."""

import sqlalchemy as sa
from flask import Flask

from app.accounts.enums import VendorKind
from app.accounts.models import IdentityChange
from app.accounts.services import edit_vendor
from app.accounts.services.identity import accept_identity
from app.core.db import db, unit_of_work
from app.matchmaking.models import IndexChange
from app.offers.enums import OfferStatus
from app.permissions import SYSTEM
from tests.factories import make_offer, make_vendor


def announced() -> set[int | None]:
    return set(db.session.scalars(sa.select(IndexChange.offer_id)))


def test_a_vendor_s_record_announces_its_published_offers(app: Flask) -> None:
    vendor = make_vendor()
    shown = {make_offer(vendor).id, make_offer(vendor).id}
    make_offer(vendor, status=OfferStatus.DRAFT, published_at=None)
    make_offer()
    with unit_of_work():
        edit_vendor(
            SYSTEM, vendor, expected_version=vendor.version, name=vendor.name,
            vendor_kind=VendorKind.PUBLISHER, vendor_size=vendor.vendor_size,
            city="Lyon", website="", description="",
        )  # fmt: skip
    assert announced() == shown


def test_a_new_name_announces_them_when_it_is_accepted(app: Flask) -> None:
    vendor = make_vendor()
    offer = make_offer(vendor)
    change = IdentityChange(organisation=vendor, name="Autre nom", siren=vendor.siren)
    db.session.add(change)
    db.session.commit()
    with unit_of_work():
        accept_identity(SYSTEM, change)
    assert announced() == {offer.id}
