"""Records of offers, of their vendors and of what is claimed."""

from datetime import date
from typing import Literal

from pydantic import Field

from seed_data.records.base import Record


class SeedClaim(Record):
    """`level`: declared, pending (declared and waiting for a moderator), or what a moderator decided."""

    criterion: str
    value: bool | int | float | str | list[str] = True
    level: Literal["declared", "pending", "verified", "not_established", "contradicted"] = "declared"
    statement: str = ""
    issuer: str = ""
    scope: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    evidence_url: str = ""


class Vendor(Record):
    """A demonstration vendor: it does not exist."""

    key: str
    name: str
    siren: str | None = None
    vendor_kind: Literal["publisher", "integrator", "reseller"]
    size: Literal["micro", "sme", "mid", "large"]
    country: str = "FR"
    city: str = ""
    website: str
    description: str
    claims: list[SeedClaim] = Field(default_factory=list)


class SeedOffer(Record):
    """An offer of a demonstration vendor."""

    key: str
    vendor: str
    name: str
    summary: str
    description: str
    categories: list[str]
    language: Literal["fr", "en"] = "fr"
    licence: str | None = None
    price_note: str = ""
    lead_time_days: int | None = None
    claims: list[SeedClaim] = Field(default_factory=list)


class MutualisedService(Record):
    """A real service shared by the State: a fact, with its source. Each of its claims quotes its own, read on
    `valid_from`; what no source says stays unknown."""

    key: str
    name: str
    operator: str
    summary: str
    description: str
    categories: list[str]
    licence: str | None = None
    open_source: bool | None = None
    repository: str = ""
    users_scope: str = ""
    circle: int | None = None
    source: str
    source_on: date
    claims: list[SeedClaim] = Field(default_factory=list)


class FreeSoftware(Record):
    """Real free software of the State's recommended list."""

    key: str
    name: str
    summary: str
    description: str
    categories: list[str]
    licence: str
    website: str = ""
    source: str
    source_on: date
