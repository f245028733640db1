"""What the claims prove on a day: the best evidence for each criterion, and what one criterion implies."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal, NamedTuple, Protocol

import sqlalchemy as sa

from app.claims.enums import ClaimStatus
from app.claims.models import Claim
from app.claims.queries.ledger import about, claims_where
from app.core.db import db
from app.reference.models import Criterion

Level = Literal["declared", "verified"]
_MANY = 1000  # beyond, reading every claim costs less than naming each offer


class Fact(NamedTuple):
    """What the best evidence says of one criterion: its value, how far it is proved, and the claim itself."""

    value: bool
    level: Level
    claim: Claim


class Answer(NamedTuple):
    """One criterion for one offer. `fact` is None when nothing is known; `implied_by` when it follows."""

    criterion: Criterion
    fact: Fact | None
    implied_by: Criterion | None

    @property
    def is_met(self) -> bool:
        return self.fact is not None and self.fact.value


class _Evidence(Protocol):
    """A claim, or the columns of one."""

    id: Any
    offer_id: Any
    organisation_id: Any
    criterion_key: Any
    value: Any
    status: Any
    valid_from: Any
    valid_until: Any
    decided_at: Any
    created_at: Any


def facts_of(owners: Mapping[int, int | None], day: date) -> dict[int, dict[str, Fact]]:
    """What holds on `day` for each offer of `owners` (offer -> its organisation): criterion -> best evidence,
    of the offer or of its company.

    Claims out of their dates are left out; a refuted one proves the contrary; verified beats declared; the
    newest wins among equals. One query."""
    few = about(owners, {owner for owner in owners.values() if owner is not None})
    best = _best(claims_where(few if len(owners) <= _MANY else sa.true()), owners, day)
    return {
        offer_id: {key: Fact(*_reading(claim), claim) for key, claim in held.items()}
        for offer_id, held in best.items()
    }


def light_facts(owners: Mapping[int, int | None], day: date) -> dict[int, dict[str, tuple[bool, Level]]]:
    """`facts_of` for the whole catalogue, given offer -> organisation: no objects are built. One query."""
    columns = [getattr(Claim, name) for name in _Evidence.__annotations__]
    rows = db.session.execute(sa.select(*columns)).all()
    best = _best(rows, owners, day)
    return {offer_id: {key: _reading(row) for key, row in held.items()} for offer_id, held in best.items()}


def answers_of(
    owners: Mapping[int, int | None], criteria: Sequence[Criterion], day: date
) -> dict[int, list[Answer]]:
    """Every criterion in its order for each offer, what follows from another included.

    A retired one is there only where something is known of it."""
    by_key = {criterion.key: criterion for criterion in criteria}
    impliers = {criterion.key: criterion.implied_by for criterion in criteria}
    found: dict[int, list[Answer]] = {}
    for offer_id, facts in facts_of(owners, day).items():
        found[offer_id] = []
        for criterion in criteria:
            source = decide(criterion.key, facts, impliers)
            if source is None and criterion.retired_at is not None:
                continue
            implied_by = by_key.get(source) if source and source != criterion.key else None
            found[offer_id].append(Answer(criterion, facts.get(source) if source else None, implied_by))
    return found


def decide(key: str, facts: Mapping[str, Any], impliers: Mapping[str, Sequence[str]]) -> str | None:
    """The criterion whose fact answers for `key`: itself, or one that implies it and is better proved.

    The matching reads implications the same way."""
    best = key if key in facts else None
    strength = _strength(facts[key]) if key in facts else 0
    waiting, seen = list(impliers.get(key, ())), {key}
    while waiting:
        implier = waiting.pop(0)
        if implier in seen:
            continue
        seen.add(implier)
        waiting.extend(impliers.get(implier, ()))
        if implier in facts and facts[implier][0] and _strength(facts[implier]) > strength:
            best, strength = implier, _strength(facts[implier])
    return best


def _strength(fact: tuple[Any, ...]) -> int:
    return 2 if fact[1] == "verified" else 1


def _best(
    claims: Iterable[_Evidence], owners: Mapping[int, int | None], day: date
) -> dict[int, dict[str, Any]]:
    """Offer -> criterion -> the claim that decides."""
    by_offer: dict[int, list[_Evidence]] = {}
    by_owner: dict[int, list[_Evidence]] = {}
    for claim in sorted((claim for claim in claims if _holds(claim, day)), key=_weight):
        if claim.offer_id is not None:
            by_offer.setdefault(claim.offer_id, []).append(claim)
        else:
            by_owner.setdefault(claim.organisation_id, []).append(claim)
    best: dict[int, dict[str, Any]] = {}
    for offer_id, owner in owners.items():
        held = by_offer.get(offer_id, [])
        if owner in by_owner:
            held = sorted([*held, *by_owner[owner]], key=_weight)
        best[offer_id] = {claim.criterion_key: claim for claim in held}  # the last one, the heaviest, stays
    return best


def _holds(claim: _Evidence, day: date) -> bool:
    if claim.status is ClaimStatus.REFUTED:
        return True
    begun = claim.valid_from is None or claim.valid_from <= day
    return begun and (claim.valid_until is None or day <= claim.valid_until)


def _weight(claim: _Evidence) -> tuple[bool, datetime, int]:
    return claim.status is not ClaimStatus.DECLARED, claim.decided_at or claim.created_at, claim.id


def _reading(claim: _Evidence) -> tuple[bool, Level]:
    if claim.status is ClaimStatus.REFUTED:
        return False, "verified"
    return bool(claim.value), "verified" if claim.status is ClaimStatus.VERIFIED else "declared"
