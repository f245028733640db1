"""Whether data have to be hosted at SecNumCloud level: article 31 of the law of 21 May 2024 (SREN).

It takes all three: a commercial cloud, a body in scope, and data whose breach would harm what the law names.
A derogation suspends it until its end."""

import enum
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta


class Harm(enum.StrEnum):
    """What a breach of the data would harm, in the words of the law."""

    PUBLIC_ORDER = "public_order"
    PUBLIC_SAFETY = "public_safety"
    HEALTH_OR_LIFE = "health_or_life"
    INTELLECTUAL_PROPERTY = "intellectual_property"


class Result(enum.StrEnum):
    REQUIRED = "required"
    DEROGATION = "derogation"
    NOT_CONCERNED = "not_concerned"


@dataclass(frozen=True, slots=True)
class Answers:
    """What the data's owner answers. `derogation_until` is the last day of a derogation."""

    uses_commercial_cloud: bool
    is_body_in_scope: bool
    harms: frozenset[Harm]
    derogation_until: date | None = None


def result_on(answers: Answers, day: date) -> Result:
    """What the answers lead to on `day`."""
    start = required_from(answers, day)
    if start is None:
        return Result.NOT_CONCERNED
    return Result.REQUIRED if start <= day else Result.DEROGATION


def required_from(answers: Answers, day: date) -> date | None:
    """First day, from `day` on, at which the level is required; None when the law does not ask for it."""
    if not (answers.uses_commercial_cloud and answers.is_body_in_scope and answers.harms):
        return None
    until = answers.derogation_until
    return day if until is None or until < day else until + timedelta(days=1)


def harms_of(names: Collection[str]) -> frozenset[Harm]:
    """Harms from their stored names."""
    return frozenset(Harm(name) for name in names)
