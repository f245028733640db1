"""Kinds of files a moderator may import, and filters of the lists."""

import enum


class ImportKind(enum.StrEnum):
    SILL = "sill"
    SECNUMCLOUD = "secnumcloud"
    CPV = "cpv"
    OFFERS = "offers"
    NEEDS = "needs"
    PUBLICCODE = "publiccode"


class ClaimFilter(enum.StrEnum):
    """Which claims a list keeps; `AWAITING` are those somebody waits for a decision on."""

    AWAITING = "awaiting"
    DECLARED = "declared"
    VERIFIED = "verified"
    TO_CONFIRM = "to_confirm"
    NOT_ESTABLISHED = "not_established"
    CONTRADICTED = "contradicted"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Outcome(enum.StrEnum):
    """What an import did with a row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


class SubjectKind(enum.StrEnum):
    """What a moderator decides about as a whole; the values are those of the addresses."""

    ORGANISATION = "organisation"
    OFFER = "offre"
    NEED = "besoin"
    ACCOUNT = "compte"


class ContestVerdict(enum.StrEnum):
    UPHELD = "retenue"
    DISMISSED = "ecartee"


class Decision(enum.StrEnum):
    ACCEPT = "accepter"
    RETURN = "renvoyer"
    REVIEW = "revoir"
    SUSPEND = "suspendre"
    DELIST = "retirer"
    REOPEN = "rouvrir"
