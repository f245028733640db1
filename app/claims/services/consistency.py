"""A yes and a no on one attribute cannot both stand, and a finding is not washed off by saying it again."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from app.accounts.enums import VendorSize
from app.accounts.models import Organisation
from app.claims.enums import ClaimStatus
from app.claims.models import Claim
from app.claims.queries import standing_claims
from app.core.clock import today
from app.core.db import db
from app.core.errors import RuleBroken
from app.core.i18n import format_date
from app.core.i18n import gettext as _
from app.reference.enums import SIZE_ATTRIBUTE
from matching.criteria import is_within


def check_consistent(claim: Claim) -> None:
    """Refuse what says otherwise than a claim that stands. Against a finding, ask for evidence it has not
    examined, and send the claim to the moderators."""
    _check_record(claim)
    others = standing_claims(claim)
    contrary = next((other for other in others if _contradict(claim, other)), None)
    if contrary is not None:
        message = _(
            "Une attestation du %(day)s dit le contraire : retirez-la d’abord, les deux ne peuvent valoir.",
            day=format_date(contrary.created_at.date()),
        )
        raise RuleBroken(fields={"value": message})
    findings = [other for other in others if other.status is ClaimStatus.CONTRADICTED]
    if any(finding.found != claim.value for finding in findings):
        _ask_for_new_evidence(claim, findings)


def _ask_for_new_evidence(claim: Claim, findings: Sequence[Claim]) -> None:
    examined = {finding.evidence_url for finding in findings}
    if not claim.evidence_url or claim.evidence_url in examined:
        message = _(
            "Un modérateur a établi le contraire : joignez une preuve nouvelle, qu’il n’a pas examinée."
        )
        raise RuleBroken(fields={"evidence_url": message})
    claim.awaits_verification = True


def _contradict(new: Claim, old: Claim) -> bool:
    """Whether two claims say otherwise of a same day, past days left aside."""
    if old.status is ClaimStatus.CONTRADICTED or old.value == new.value or old.has_expired(today()):
        return False
    first = max(new.valid_from or date.min, old.valid_from or date.min)
    last = min(new.valid_until or date.max, old.valid_until or date.max)
    return bool(is_within(first, last, first))


def _check_record(claim: Claim) -> None:
    """A claim does not contradict the size in the company's record. Of two people of a company who declare at
    once, the second waits here, and sees what the first has said."""
    query = sa.select(Organisation.vendor_size).where(Organisation.id == claim.organisation_id)
    size = db.session.scalar(query.with_for_update())
    if claim.attribute.key != SIZE_ATTRIBUTE or size is None:
        return
    if claim.value is not (size in {VendorSize.MICRO, VendorSize.SME}):
        message = _(
            "La fiche de l’entreprise dit le contraire (%(size)s) : corrigez-la d’abord.", size=size.label
        )
        raise RuleBroken(fields={"value": message})
