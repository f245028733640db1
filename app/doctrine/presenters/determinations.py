"""A determination of sensitive data as its page shows it."""

from dataclasses import dataclass
from datetime import date

from app.doctrine.engine import Answers, Harm, Result, harms_of, result_on
from app.doctrine.models import Determination
from app.doctrine.presenters.words import HARMS, RESULTS


@dataclass(frozen=True, slots=True)
class DeterminationView:
    """A determination in words, its result being that of the day asked."""

    number: int
    result: str
    binds: bool
    reasons: str
    harms: tuple[str, ...]
    derogation: str
    derogation_until: date | None
    owner: str
    signed_on: date
    need_version: int
    law: tuple[tuple[str, str], ...]


def determination_view(row: Determination, day: date) -> DeterminationView:
    """What was signed, and what it asks on `day`."""
    answers = Answers(
        row.uses_commercial_cloud, row.is_body_in_scope, harms_of(row.harms), row.derogation_until
    )
    result = result_on(answers, day)
    return DeterminationView(
        row.number,
        str(RESULTS[result]),
        result is Result.REQUIRED,
        row.reasons,
        tuple(str(HARMS[harm]) for harm in Harm if harm in answers.harms),
        row.derogation,
        row.derogation_until,
        f"{row.owner_name}, {row.owner_function}",
        row.signed_on,
        row.need_version,
        tuple((reference, value) for reference, value in row.law),
    )
