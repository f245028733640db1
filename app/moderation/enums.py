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
