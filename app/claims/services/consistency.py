"""A yes and a no on one attribute cannot both stand, and a finding is not washed off by saying it again."""

from collections.abc import Collection, Sequence
from datetime import date

import sqlalchemy as sa

from app.accounts.models import Organisation
from app.claims.enums import ClaimOrigin, ClaimStatus
from app.claims.models import Claim
from app.claims.queries import standing_claims
from app.core.clock import day_of, today
from app.core.db import db
from app.core.errors import RuleBroken
from app.core.i18n import format_date
from app.core.i18n import gettext as _
from matching.criteria import is_within


def check_consistent(claim: Claim, shown: Collection[str] = ()) -> None:
    """Refuse what says otherwise than a claim that stands. Against a finding, ask for evidence it has not
    examined among what is `shown` (`Evidence.identity`), and send the claim to the moderators."""
    _one_at_a_time(claim)
    others = standing_claims(claim)
    contrary = next((other for other in others if contradict(claim, other)), None)
    if contrary is not None:
        raise RuleBroken(fields={"value": _refusal(contrary)})
    findings = [other for other in others if other.status is ClaimStatus.CONTRADICTED]
    if any(finding.found != claim.value for finding in findings):
        _ask_for_new_evidence(claim, findings, shown)


def refuse_contrary(claim: Claim, *, field: str) -> None:
    """Refuse that a moderator's word makes a claim stand beside one that says otherwise."""
    _one_at_a_time(claim)
    contrary = next((other for other in standing_claims(claim) if contradict(claim, other)), None)
    if contrary is not None:
        day = format_date(day_of(contrary.created_at))
        message = _(
            "Une attestation contraire du %(day)s tient encore : examinez-la d’abord, ou demandez son "
            "retrait.",
            day=day,
        )
        raise RuleBroken(fields={field: message})


def _refusal(contrary: Claim) -> str:
    if contrary.origin is ClaimOrigin.LICENCE:
        said = contrary.statement
        return _("La licence de l’offre (%(licence)s) dit le contraire : corrigez-la d’abord.", licence=said)
    if contrary.origin is ClaimOrigin.LEAD_TIME:
        days = contrary.value
        return _("L’offre annonce une mise en service en %(n)s jours : corrigez-la d’abord.", n=days)
    if contrary.origin is ClaimOrigin.RECORD:
        return _("La fiche de l’entreprise dit le contraire : corrigez sa taille d’abord.")
    return _(
        "Une attestation du %(day)s dit le contraire : retirez-la d’abord, les deux ne peuvent valoir.",
        day=format_date(day_of(contrary.created_at)),
    )


def _ask_for_new_evidence(claim: Claim, findings: Sequence[Claim], shown: Collection[str]) -> None:
    examined = {piece.identity for finding in findings for piece in finding.own_pieces}
    if not set(shown) - examined:
        message = _(
            "Un modérateur a établi le contraire : joignez une preuve nouvelle, qu’il n’a pas examinée."
        )
        raise RuleBroken(fields={"evidence_file": message})
    claim.awaits_verification = True


def contradict(new: Claim, old: Claim) -> bool:
    """Whether two claims say otherwise of a same day, past days left aside."""
    if old.status is ClaimStatus.CONTRADICTED or old.value == new.value or old.has_expired(today()):
        return False
    first = max(new.valid_from or date.min, old.valid_from or date.min)
    last = min(new.valid_until or date.max, old.valid_until or date.max)
    return bool(is_within(first, last, first))


def _one_at_a_time(claim: Claim) -> None:
    """Two people of a company declaring at once: the second sees what the first has said."""
    if claim.organisation_id is not None:
        query = sa.select(Organisation.id).where(Organisation.id == claim.organisation_id)
        db.session.execute(query.with_for_update())
