"""Records of events and of what happens there."""

from datetime import date, time
from typing import Literal

from pydantic import Field

from seed_data.records.base import Record


class SeedDelegation(Record):
    """`absent`: positions of the slots, from 0, at which it cannot be met."""

    organisation: str
    min_meetings: int = 0
    max_meetings: int
    table: int | None = None
    absent: list[int] = Field(default_factory=list)


class SeedRequest(Record):
    administration: str
    vendor: str
    by: Literal["administration", "vendor", "mutual"]
    need: str | None = None
    offer: str | None = None
    message: str = ""


class SeedInvitation(Record):
    vendor: str
    answer: Literal["invited", "accepted", "declined"] = "invited"


class SeedSession(Record):
    host: str
    theme: str
    description: str = ""
    slot: int
    room: int
    capacity: int
    invited: list[SeedInvitation]


class SeedPair(Record):
    administration: str
    vendor: str
    kind: Literal["pinned", "forbidden"]
    slot: int | None = None
    reason: str = ""


class SlotBlock(Record):
    """`count` slots of `length_min` minutes from `first_at` local time, with `pause_min` between two."""

    first_at: time
    length_min: int
    count: int
    pause_min: int = 0


class SeedEvent(Record):
    organisation: str
    name: str
    place: str
    held_on: date
    timezone: str = "Europe/Paris"
    description: str
    source: str = ""
    tables: int
    rooms: int
    status: Literal["draft", "open"]
    blocks: list[SlotBlock]
    delegations: list[SeedDelegation]
    requests: list[SeedRequest]
    sessions: list[SeedSession] = Field(default_factory=list)
    pairs: list[SeedPair] = Field(default_factory=list)
