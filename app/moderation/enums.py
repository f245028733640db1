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
    """Which claims a list keeps; `AWAITING` are declared claims whose vendor asked for a verification."""

    AWAITING = "awaiting"
    DECLARED = "declared"
    VERIFIED = "verified"
    REFUTED = "refuted"
    EXPIRING = "expiring"
    EXPIRED = "expired"


class Outcome(enum.StrEnum):
    """What an import did with a row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
