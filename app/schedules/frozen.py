"""An event as people were told of it, kept whole with each published version of its schedule."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True)
class FrozenSlot:
    id: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class FrozenDelegation:
    """`away`: identifiers of the slots at which it was absent."""

    id: int
    name: str
    side: str
    away: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FrozenSession:
    """`people`: host and vendors who had accepted; `room` is 0-based."""

    id: int
    theme: str
    slot_id: int
    room: int
    people: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Frozen:
    """`pinned`: the pairs of delegations that the organiser had imposed."""

    name: str
    place: str
    timezone: str
    slots: tuple[FrozenSlot, ...]
    delegations: tuple[FrozenDelegation, ...]
    sessions: tuple[FrozenSession, ...]
    pinned: tuple[tuple[int, int], ...]

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return _ADAPTER.validate_python(data)  # type: ignore[return-value]  # the adapter is of this class

    def to_json(self) -> dict[str, Any]:
        found: dict[str, Any] = _ADAPTER.dump_python(self, mode="json")
        return found


_ADAPTER: TypeAdapter[Frozen] = TypeAdapter(Frozen)
