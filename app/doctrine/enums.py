"""Words of the circular of 5 February 2026 (n° 6519/SG): its three steps and what is decided at each."""

import enum


class Step(enum.IntEnum):
    """Mutualise first, then buy off the shelf; develop last."""

    MUTUALISE = 1
    BUY = 2
    DEVELOP = 3


class Outcome(enum.StrEnum):
    RETAINED = "retained"
    SET_ASIDE = "set_aside"


class SetAside(enum.StrEnum):
    """Why a solution that was studied is not retained: the conditions that the circular names."""

    NEED = "need"
    SECURITY = "security"
    COST = "cost"
    LEAD_TIME = "lead_time"
    DURABILITY = "durability"
    INTEROPERABILITY = "interoperability"
    UNAVAILABLE = "unavailable"
    OTHER = "other"


class Ground(enum.StrEnum):
    """What opens the third step: the market meets neither cost, security, durability, need nor lead time."""

    COST = "cost"
    SECURITY = "security"
    DURABILITY = "durability"
    NEED = "need"
    LEAD_TIME = "lead_time"
    NOTHING_FITS = "nothing_fits"


class Way(enum.StrEnum):
    """Who develops: one's own teams, a contractor, or both."""

    IN_HOUSE = "faire"
    CONTRACTED = "faire_faire"
    MIXED = "faire_avec"
