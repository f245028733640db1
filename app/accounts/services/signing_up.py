"""Sign-up: of a company with its first person, or of a person who asks to join one already there."""

from app.accounts.enums import LinkPurpose, VendorKind, VendorSize
from app.accounts.models import Organisation, User
from app.accounts.queries import find_organisation_by_siren
from app.accounts.services import passwords
from app.accounts.services.joining import ask_to_join
from app.accounts.services.links import send_link
from app.accounts.services.organisations import clean_siren, register_vendor
from app.accounts.services.people import add_member, register_user
from app.core.db import rollback
from app.permissions import SYSTEM, Role


def register_company(
    *,
    email: str,
    person: str,
    password: str,
    company: str,
    siren: str | None,
    country: str,
    vendor_kind: VendorKind,
    vendor_size: VendorSize | None,
    website: str = "",
    joins: bool = False,
) -> User:
    """Sign-up of a vendor: the company, its first account and the vendor role, all or nothing. The address is
    confirmed by mail, and the company checked, before anything of it is public. With `joins`, a company
    already there is asked to admit the person instead of refusing the number."""
    rollback()  # hashing takes a while: hold no lock meanwhile
    passwords.check_password(password, known=(email, person, company))
    hashed = passwords.hash_password(password)
    joined = _already_there(siren) if joins else None
    organisation = joined or register_vendor(
        SYSTEM,
        name=company,
        siren=siren,
        country=country,
        website=website,
        vendor_kind=vendor_kind,
        vendor_size=vendor_size,
        awaits_check=True,
    )
    user = register_user(SYSTEM, email=email, name=person, password=password, known_hash=hashed)
    if joined is None:
        add_member(SYSTEM, organisation, user, Role.VENDOR, is_manager=True)
    else:
        ask_to_join(user, joined)
    send_link(user, LinkPurpose.CONFIRM_ADDRESS)
    return user


def _already_there(siren: str | None) -> Organisation | None:
    checked = clean_siren(siren)
    return find_organisation_by_siren(checked) if checked else None
