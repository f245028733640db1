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


class Move(enum.StrEnum):
    """What became of an offer from one run to the next."""

    ENTERED = "entered"
    LEFT = "left"
    MOVED = "moved"


class Cause(enum.StrEnum):
    """Why. The first two are about the need and hold for the whole run; others may name a criterion."""

    NEED_EDITED = "need_edited"
    PRIORITIES = "priorities"
    OFFER_PUBLISHED = "offer_published"
    OFFER_EDITED = "offer_edited"
    OFFER_WITHDRAWN = "offer_withdrawn"
    CRITERION_MET = "criterion_met"
    CRITERION_LOST = "criterion_lost"
    OTHERS = "others"
