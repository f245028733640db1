"""Rules of organisations, people and sign-in."""

from app.accounts.services.organisations import (
    clean_siren,
    edit_vendor,
    register_administration,
    register_vendor,
)
from app.accounts.services.passwords import MINIMUM_LENGTH
from app.accounts.services.people import (
    add_member,
    authenticate,
    choose_language,
    choose_password,
    register_company,
    register_user,
)

__all__ = [
    "MINIMUM_LENGTH",
    "add_member",
    "authenticate",
    "choose_language",
    "choose_password",
    "clean_siren",
    "edit_vendor",
    "register_administration",
    "register_company",
    "register_user",
    "register_vendor",
]
