"""What a note of choice says, as frozen data with a digest: dates are ISO days, amounts nowhere."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class NotedSolution:
    """A solution that was studied, at the version that was seen. `reason` is "" for one retained."""

    step: int
    name: str
    provider: str
    slug: str
    version: int
    outcome: str
    reason: str
    detail: str
    decided_by: str
    decided_on: str


@dataclass(frozen=True, slots=True)
class NotedStep:
    """A closed step: on which need, by whom and when."""

    step: int
    considered: int
    retained: int
    need_version: int
    closed_by: str
    closed_on: str


@dataclass(frozen=True, slots=True)
class NotedDevelopment:
    ground: str
    justification: str
    way: str
    opened_by: str
    opened_on: str


@dataclass(frozen=True, slots=True)
class NotedRule:
    """A rule of law in force on the day of the note."""

    route: str
    applies: bool | None
    value: str
    reference: str


@dataclass(frozen=True, slots=True)
class NoteContent:
    """The whole of a note; `requirements` are (criterion, level) as shown on the day."""

    number: int
    issued_on: str
    issued_by: str
    administration: str
    title: str
    description: str
    need_version: int
    sensitive_data: bool
    requirements: tuple[tuple[str, str], ...]
    steps: tuple[NotedStep, ...]
    solutions: tuple[NotedSolution, ...]
    development: NotedDevelopment | None
    rules: tuple[NotedRule, ...]

    def stored(self) -> dict[str, Any]:
        """As the database keeps it."""
        return asdict(self)

    def digest(self) -> str:
        """SHA-256, hexadecimal, of the canonical JSON of the content."""
        text = json.dumps(self.stored(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def load_note(stored: Mapping[str, Any]) -> NoteContent:
    """The content that `stored` kept; its digest is the one it had."""
    development = stored["development"]
    return NoteContent(
        **{
            **stored,
            "requirements": tuple((name, level) for name, level in stored["requirements"]),
            "steps": tuple(NotedStep(**step) for step in stored["steps"]),
            "solutions": tuple(NotedSolution(**solution) for solution in stored["solutions"]),
            "development": NotedDevelopment(**development) if development else None,
            "rules": tuple(NotedRule(**rule) for rule in stored["rules"]),
        }
    )
