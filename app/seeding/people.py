"""Organisations and the demonstration accounts."""

from flask import current_app

from app.accounts import services
from app.accounts.enums import AdministrationKind, VendorKind, VendorSize
from app.accounts.models import Organisation
from app.claims.queries import subject_of_organisation
from app.permissions import SYSTEM, Role
from app.seeding.claims import seed_claims
from seed_data.reader import SeedData

Organisations = dict[str, Organisation]


def seed_organisations(data: SeedData) -> Organisations:
    """Administrations and demonstration vendors by seed key."""
    found: Organisations = {}
    for item in data.administrations:
        found[item.key] = services.register_administration(
            SYSTEM,
            name=item.name,
            acronym=item.acronym,
            administration_kind=AdministrationKind(item.kind),
            siren=item.siren,
            website=item.website,
            source=item.source,
            source_on=item.source_on,
        )
    for vendor in data.vendors:
        found[vendor.key] = services.register_vendor(
            SYSTEM,
            name=vendor.name,
            siren=vendor.siren,
            vendor_kind=VendorKind(vendor.vendor_kind),
            vendor_size=VendorSize(vendor.size),
            country=vendor.country,
            city=vendor.city,
            website=vendor.website,
            description=vendor.description,
            is_demo=True,
        )
        seed_claims(vendor.claims, subject_of_organisation(found[vendor.key]))
    return found


def seed_accounts(data: SeedData, organisations: Organisations) -> None:
    """One password for all, given by DEMO_PASSWORD: hashed once, because a hash takes a while."""
    password = current_app.extensions["settings"].demo_password.get_secret_value()
    hashed = ""
    for account in data.accounts:
        user = services.register_user(
            SYSTEM, email=account.email, name=account.name, password=password, is_demo=True, known_hash=hashed
        )
        hashed = user.password_hash
        for membership in account.memberships:
            organisation = organisations[membership.organisation]
            role = Role(membership.role)
            services.add_member(SYSTEM, organisation, user, role, is_manager=membership.manager)
