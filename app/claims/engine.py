"""What claims prove on a day: rows of the ledger as `matching.criteria` reads them, and its answers as pages
show them. Which claim decides, and when one holds, is decided there, once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import sqlalchemy as sa

from app.claims.enums import ClaimStatus
from app.claims.models import Claim, Subject
from app.claims.queries.ledger import about, claims_where
from app.core.db import db
from app.reference.enums import SENSITIVE_DATA_CRITERION
from app.reference.models import Criterion
from matching import criteria as rules
from matching.criteria import (
    CriteriaTable,
    CriterionOutcome,
    Fact,
    Level,
    Operator,
    Outcome,
    Predicate,
    Requirement,
    Value,
)

__all__ = ["Answer", "Outcome", "answers_of", "as_criteria", "met_criteria", "statements_of"]

Statements = dict[str, list[Fact]]
"""Attribute -> what is claimed of it; `Fact.number` is the claim's."""

LEFT_TO_BUYER = ("free_software",)
NOTED = frozenset({ClaimStatus.NOT_ESTABLISHED, ClaimStatus.TO_CONFIRM})
_MANY = 1000  # beyond, reading every claim costs less than naming each offer


@dataclass(frozen=True, slots=True)
class Answer:
    """One criterion for one offer on a day; `claim` decided it, about `implied_by` where it follows."""

    criterion: Criterion
    found: CriterionOutcome
    claim: Claim | None
    implied_by: Criterion | None

    @property
    def is_met(self) -> bool:
        return self.found.outcome is Outcome.MET

    @property
    def is_verified(self) -> bool:
        """Whether a moderator established what decided."""
        return self.found.fact is not None and self.found.fact.level is Level.VERIFIED


class _Row(Protocol):
    """A claim, or the columns of one."""

    id: Any
    offer_id: Any
    organisation_id: Any
    attribute_key: Any
    value: Any
    found: Any
    status: Any
    valid_from: Any
    valid_until: Any
    decided_at: Any
    created_at: Any


def as_criteria(criteria: Iterable[Criterion]) -> tuple[rules.Criterion, ...]:
    """Criteria as the rules read them. What the law requires is always known, even where nobody declared it a
    criterion: then no offer meets it."""
    found = tuple(
        rules.Criterion(
            criterion.key,
            tuple(criterion.implied_by),
            criterion.attribute_key,
            Predicate(Operator(criterion.operator.value), _value(criterion.operand)),
            LEFT_TO_BUYER if criterion.attribute.left_to_buyer else (),
        )
        for criterion in criteria
    )
    if any(criterion.key == SENSITIVE_DATA_CRITERION for criterion in found):
        return found
    return (*found, rules.Criterion(SENSITIVE_DATA_CRITERION))


def statements_of(subjects: Sequence[Subject]) -> dict[int, Statements]:
    """Offer -> all that is claimed of it and of its organisation, whatever its dates. One query."""
    columns = [getattr(Claim, name) for name in _Row.__annotations__]
    query = sa.select(*columns).where(_about(subjects), Claim.status != ClaimStatus.WITHDRAWN)
    return _by_offer(db.session.execute(query).all(), subjects)


def answers_of(
    subjects: Sequence[Subject], criteria: Sequence[Criterion], day: date
) -> dict[int, list[Answer]]:
    """Every criterion in its order for each offer, what follows from another included. One query.

    A retired one is there only where something is known of it."""
    claims = {claim.id: claim for claim in claims_where(_about(subjects))}
    statements = _by_offer(claims.values(), subjects)
    table, by_key = CriteriaTable(as_criteria(criteria)), {criterion.key: criterion for criterion in criteria}
    found: dict[int, list[Answer]] = {}
    for subject in subjects:
        answers = found.setdefault(subject.offer_id or 0, [])
        for criterion in criteria:
            outcome = table.outcome(
                Requirement(criterion.key), statements[subject.offer_id or 0], kind=subject.kind, day=day
            )
            if outcome.fact is None and criterion.retired_at is not None:
                continue
            claim = claims[outcome.fact.number] if outcome.fact is not None else None
            implied = outcome.decided_by if outcome.decided_by != criterion.key else None
            answers.append(Answer(criterion, outcome, claim, by_key[implied] if implied else None))
    return found


def met_criteria(
    subjects: Sequence[Subject], criteria: Sequence[Criterion], day: date
) -> dict[int, tuple[frozenset[str], frozenset[str]]]:
    """Offer -> criteria met at least by declaration, criteria met and verified; implications included."""
    table, statements = CriteriaTable(as_criteria(criteria)), statements_of(subjects)
    met = {}
    for subject in subjects:
        held = rules.holding(statements[subject.offer_id or 0], day)
        cells = {key: table.decide(key, held)[0] for key in table.keys}
        declared = frozenset(key for key, cell in cells.items() if cell >= Level.DECLARED)
        verified = frozenset(key for key, cell in cells.items() if cell == Level.VERIFIED)
        met[subject.offer_id or 0] = declared, verified
    return met


def _about(subjects: Sequence[Subject]) -> sa.ColumnElement[bool]:
    if len(subjects) > _MANY:
        return sa.true()
    owners = {subject.organisation_id for subject in subjects} - {None}
    return about((subject.offer_id for subject in subjects if subject.offer_id is not None), owners)


def _by_offer(claims: Iterable[_Row], subjects: Sequence[Subject]) -> dict[int, Statements]:
    of_offers: dict[int, list[tuple[str, Fact]]] = {}
    of_owners: dict[int, list[tuple[str, Fact]]] = {}
    for claim in claims:
        fact = _fact(claim)
        if fact is not None:
            held = of_offers if claim.offer_id is not None else of_owners
            held.setdefault(claim.offer_id or claim.organisation_id, []).append((claim.attribute_key, fact))
    found: dict[int, Statements] = {}
    for subject in subjects:
        statements = found.setdefault(subject.offer_id or 0, {})
        own = of_offers.get(subject.offer_id or 0, [])
        for attribute, fact in (*own, *of_owners.get(subject.organisation_id or 0, ())):
            statements.setdefault(attribute, []).append(fact)
    return found


def _fact(claim: _Row) -> Fact | None:
    """What a claim says to the rules; a withdrawn one says nothing.

    A finding of the contrary holds until another decision, whatever the dates of what it contradicts."""
    if claim.status is ClaimStatus.WITHDRAWN:
        return None
    if claim.status is ClaimStatus.CONTRADICTED:
        return Fact(_value(claim.found), Level.VERIFIED, said_at=claim.decided_at, number=claim.id)
    verified = claim.status is ClaimStatus.VERIFIED
    return Fact(
        _value(claim.value),
        Level.VERIFIED if verified else Level.DECLARED,
        claim.valid_from,
        claim.valid_until,
        claim.decided_at if verified else claim.created_at,
        claim.id,
        claim.status.value if claim.status in NOTED else "",
    )


def _value(stored: Any) -> Value:
    """A value as the rules compare it: a list of choices is a tuple."""
    return tuple(stored) if isinstance(stored, list) else stored
