"""How a criterion is verified and what it speaks of."""

import enum

SENSITIVE_DATA_CRITERION = "secnumcloud"
"""The criterion that the law requires, verified, where data is of particular sensitivity."""


class VerificationPolicy(enum.StrEnum):
    REGISTRY = "registry"
    DOCUMENT = "document"
    DECLARATION = "declaration"


class CriterionSubject(enum.StrEnum):
    OFFER = "offer"
    ORGANISATION = "organisation"


class SaveOutcome(enum.StrEnum):
    """What an idempotent save did to its row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
