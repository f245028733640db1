"""Records of administrations and of their needs."""

from datetime import date
from typing import Literal

from pydantic import Field

from seed_data.records.base import Record


class Administration(Record):
    """A real administration: a fact, with its source."""

    key: str
    name: str
    acronym: str = ""
    siren: str | None = None
    kind: Literal["ministry", "operator", "local", "health"]
    website: str = ""
    source: str
    source_on: date


class SeedRequirement(Record):
    criterion: str
    level: Literal["declared", "verified"] = "declared"


class SeedNeed(Record):
    key: str
    organisation: str
    title: str
    description: str
    categories: list[str]
    requirements: list[SeedRequirement] = Field(default_factory=list)
    status: Literal["published", "draft", "closed"] = "published"
    users_count: int | None = None
    deadline_on: date | None = None
    budget_range: str = ""
    sensitive_data: bool = False
