"""Whose text a stored vector encodes, and what is read as evidence for an objective."""

import enum


class PassageOf(enum.StrEnum):
    OFFER = "offer"
    NEED = "need"


class Measure(enum.StrEnum):
    """A number an offer carries, named after its field."""

    LEAD_TIME_DAYS = "lead_time_days"


class Standing(enum.StrEnum):
    """How a piece of evidence stands for one offer."""

    VERIFIED = "verified"
    DECLARED = "declared"
    REFUSED = "refused"
    UNKNOWN = "unknown"
