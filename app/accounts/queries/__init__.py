"""Reading accounts: `people` (organisations and persons), `sessions` (who is signed in)."""

from app.accounts.queries.people import (
    actor_of,
    find_organisation_by_siren,
    find_user,
    find_user_by_email,
    get_organisation,
    get_organisation_by_slug,
    get_user,
    organisations_of_kind,
    organisations_where,
    readers_of,
)

__all__ = [
    "actor_of",
    "find_organisation_by_siren",
    "find_user",
    "find_user_by_email",
    "get_organisation",
    "get_organisation_by_slug",
    "get_user",
    "organisations_of_kind",
    "organisations_where",
    "readers_of",
]
