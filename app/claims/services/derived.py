"""What fields already say, as claims: a licence, a lead time, a company's size. Kept in step with the field,
so that a claim never says otherwise than the page it stands on."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.accounts.enums import SMALL_SIZES
from app.accounts.models import Organisation
from app.audit.services import record
from app.claims.enums import ClaimOrigin, ClaimStatus
from app.claims.models import Claim, Subject
from app.claims.queries import standing_claims
from app.claims.services.consistency import contradict
from app.claims.services.declaring import tell_of_claim
from app.core.clock import now
from app.core.db import db, flush_for_id
from app.permissions import Actor
from app.reference.enums import LEAD_TIME_ATTRIBUTE, LICENCE_ATTRIBUTE, SIZE_ATTRIBUTE
from app.reference.models import Attribute
from app.reference.services import is_open_source


@dataclass(frozen=True, slots=True)
class Derived:
    """What a field says of an attribute; nothing when `value` is None. `words` are the field's own."""

    attribute_key: str
    origin: ClaimOrigin
    value: bool | int | None
    words: str = ""


def from_offer(licence: str | None, lead_time_days: int | None) -> tuple[Derived, ...]:
    """What the fields of an offer say."""
    return (
        Derived(LICENCE_ATTRIBUTE, ClaimOrigin.LICENCE, is_open_source(licence), licence or ""),
        Derived(LEAD_TIME_ATTRIBUTE, ClaimOrigin.LEAD_TIME, lead_time_days),
    )


def derive_from_record(actor: Actor, organisation_id: int) -> None:
    """What a company's record says: its size, whether it is an SME in the European sense."""
    size = db.session.scalars(
        sa.select(Organisation.vendor_size).where(Organisation.id == organisation_id)
    ).one()
    small = None if size is None else size in SMALL_SIZES
    said = Derived(SIZE_ATTRIBUTE, ClaimOrigin.RECORD, small)
    derive_claims(actor, Subject(None, organisation_id), [said])


def derive_claims(actor: Actor, subject: Subject, said: Sequence[Derived]) -> None:
    """Keep the claims in step with what the fields say. A decision on what a field said stays with it while
    the field says it; what was stated to the contrary gives way, or if verified waits for a moderator."""
    for one in said:
        attribute = db.session.get(Attribute, one.attribute_key)
        if attribute is None or _is_kept(actor, subject, one) or one.value is None:
            continue
        claim = Claim(
            offer_id=subject.offer_id,
            organisation_id=subject.organisation_id,
            offer_version=subject.version,
            attribute=attribute,
            value=one.value,
            statement=one.words,
            origin=one.origin,
            awaits_verification=False,
        )
        _yield_to(actor, claim)
        db.session.add(claim)
        flush_for_id()
        record(actor, "claim.derived", claim, criterion=one.attribute_key, value=claim.value)
        tell_of_claim(claim)


def _is_kept(actor: Actor, subject: Subject, one: Derived) -> bool:
    """Whether a claim already says what the field says; those that said otherwise are withdrawn, findings
    to the contrary apart, which stay."""
    query = sa.select(Claim).where(
        Claim.offer_id == subject.offer_id,
        Claim.organisation_id == subject.organisation_id,
        Claim.attribute_key == one.attribute_key,
        Claim.origin == one.origin,
        Claim.status != ClaimStatus.WITHDRAWN,
    )
    kept = False
    for claim in db.session.scalars(query.order_by(Claim.id)).all():
        if claim.value == one.value:
            claim.statement, kept = one.words, True
        elif claim.status is not ClaimStatus.CONTRADICTED:
            _withdraw(actor, claim)
    return kept


def _yield_to(actor: Actor, claim: Claim) -> None:
    """Make room for what a field now says."""
    for other in standing_claims(claim):
        if other.status is ClaimStatus.CONTRADICTED:
            claim.awaits_verification = claim.awaits_verification or other.found != claim.value
        elif contradict(claim, other):
            if other.status in (ClaimStatus.VERIFIED, ClaimStatus.TO_CONFIRM):
                other.status, other.awaits_verification = ClaimStatus.TO_CONFIRM, True
                record(actor, "claim.to_confirm", other, criterion=other.attribute_key)
                tell_of_claim(other)
            else:
                _withdraw(actor, other)


def _withdraw(actor: Actor, claim: Claim) -> None:
    claim.status, claim.withdrawn_at, claim.awaits_verification = ClaimStatus.WITHDRAWN, now(), False
    record(actor, "claim.outdated", claim, criterion=claim.attribute_key)
    tell_of_claim(claim)
