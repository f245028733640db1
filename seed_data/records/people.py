"""Records of accounts."""

from typing import Literal

from seed_data.records.base import Record


class SeedMembership(Record):
    organisation: str
    role: Literal["ambassador", "vendor", "organiser", "moderator"]
    manager: bool = False


class Account(Record):
    email: str
    name: str
    memberships: list[SeedMembership]
