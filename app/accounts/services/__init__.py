"""Rules of organisations, people, sign-in and sessions."""

from app.accounts.services.attempts import note_failure, refuse_when_too_many
from app.accounts.services.checking import confirm_address
from app.accounts.services.credentials import (
    ask_address,
    authenticate,
    change_address,
    change_password,
    reset_password,
)
from app.accounts.services.links import draw_token, find_link, send_link, use_link
from app.accounts.services.organisations import (
    clean_siren,
    edit_vendor,
    register_administration,
    register_vendor,
)
from app.accounts.services.passwords import MINIMUM_LENGTH
from app.accounts.services.people import (
    add_member,
    choose_language,
    register_user,
    rename,
)
from app.accounts.services.sessions import end_session, end_sessions, note_seen, open_session
from app.accounts.services.signing_up import register_company

__all__ = [
    "MINIMUM_LENGTH",
    "add_member",
    "ask_address",
    "authenticate",
    "change_address",
    "change_password",
    "choose_language",
    "clean_siren",
    "confirm_address",
    "draw_token",
    "edit_vendor",
    "end_session",
    "end_sessions",
    "find_link",
    "note_failure",
    "note_seen",
    "open_session",
    "refuse_when_too_many",
    "register_administration",
    "register_company",
    "register_user",
    "register_vendor",
    "rename",
    "reset_password",
    "send_link",
    "use_link",
]
