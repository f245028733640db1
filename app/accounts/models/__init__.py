"""Models of the accounts: `people` (organisations, persons, roles), `belonging` (asking to join, inviting),
`identity` (a change of name), `sessions` (who is signed in where, who failed to),
`links` (secrets sent by mail)."""

from app.accounts.models.belonging import JoinRequest, MemberInvitation
from app.accounts.models.identity import IdentityChange
from app.accounts.models.links import SecretLink
from app.accounts.models.people import Membership, Organisation, User
from app.accounts.models.sessions import SignInFailure, UserSession

__all__ = [
    "IdentityChange",
    "JoinRequest",
    "MemberInvitation",
    "Membership",
    "Organisation",
    "SecretLink",
    "SignInFailure",
    "User",
    "UserSession",
]
