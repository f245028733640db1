"""Claims about an offer or a whole company: declare, ask for verification, withdraw."""

from datetime import date

import sqlalchemy as sa

from app.accounts.models import Organisation
from app.audit.services import record
from app.core.clock import today
from app.core.db import db, flush_for_id
from app.core.errors import InvalidTransition, RuleBroken
from app.core.i18n import gettext as _
from app.offers.enums import ClaimStatus, OfferStatus, ShownClaimStatus
from app.offers.models import Claim, Offer
from app.offers.services.checks import is_web_address, require_on, text_errors, web_address_error
from app.offers.signals import offer_changed
from app.permissions import Actor, Permission
from app.reference.enums import CriterionSubject
from app.reference.models import Criterion


def declare_claim(
    actor: Actor,
    *,
    offer: Offer | None = None,
    organisation: Organisation | None = None,
    criterion_key: str,
    value: bool,
    statement: str = "",
    issuer: str = "",
    scope: str = "",
    valid_from: date | None = None,
    valid_until: date | None = None,
    evidence_url: str = "",
    asks_verification: bool = False,
) -> Claim:
    """State that an offer, or a whole company, meets a criterion or (`value` false) does not."""
    _require_on_subject(actor, offer, organisation)
    criterion = _criterion_for(criterion_key, whole_company=organisation is not None)
    texts = {"statement": statement, "issuer": issuer, "scope": scope, "evidence_url": evidence_url}
    claim = Claim(
        criterion=criterion,
        value=value,
        valid_from=valid_from,
        valid_until=valid_until,
        awaits_verification=asks_verification,
        **{name: text.strip() for name, text in texts.items()},
    )
    _check_values(claim)
    claim.offer, claim.organisation = offer, organisation
    db.session.add(claim)
    flush_for_id()
    record(actor, "claim.declared", claim, criterion=criterion_key, value=value)
    tell_of_claim(claim)
    return claim


def request_verification(actor: Actor, claim: Claim) -> None:
    """Put a declared claim in the moderators’ queue."""
    _require_on_subject(actor, claim.offer, claim.organisation)
    if claim.status is not ClaimStatus.DECLARED:
        raise InvalidTransition(_("Cette attestation a déjà été examinée."))
    if claim.awaits_verification:
        raise InvalidTransition(_("La vérification de cette attestation est déjà demandée."))
    if claim.status_on(today()) is ShownClaimStatus.EXPIRED:
        raise InvalidTransition(_("Cette attestation a expiré : déclarez la nouvelle, avec ses dates."))
    claim.awaits_verification = True
    record(actor, "claim.verification_requested", claim, criterion=claim.criterion_key)
    tell_of_claim(claim)


def withdraw_claim(actor: Actor, claim: Claim) -> None:
    """Remove a claim; the audit log keeps its words. A refuted one stays: it is a moderator’s finding."""
    _require_on_subject(actor, claim.offer, claim.organisation)
    if claim.status is ClaimStatus.REFUTED:
        raise InvalidTransition(_("Une attestation refusée ne peut pas être retirée."))
    record(
        actor,
        "claim.withdrawn",
        claim,
        criterion=claim.criterion_key,
        value=claim.value,
        statement=claim.statement,
        status=claim.status.value,
    )
    db.session.delete(claim)
    tell_of_claim(claim)


def tell_of_claim(claim: Claim) -> None:
    """Send `offer_changed` for each offer a claim speaks of: its own, or all those its company publishes."""
    if claim.offer_id is not None:
        offer_changed.send(claim.offer_id)
        return
    query = sa.select(Offer.id).where(
        Offer.organisation_id == claim.organisation_id, Offer.status == OfferStatus.PUBLISHED
    )
    for offer_id in db.session.scalars(query.order_by(Offer.id)).all():
        offer_changed.send(offer_id)


def _require_on_subject(actor: Actor, offer: Offer | None, organisation: Organisation | None) -> None:
    if (offer is None) == (organisation is None):
        raise TypeError("a claim is about one offer or one organisation")
    owner = offer.organisation if offer is not None else organisation
    require_on(actor, Permission.CLAIM_CREATE, offer.kind if offer is not None else None, owner)


def _criterion_for(key: str, *, whole_company: bool) -> Criterion:
    criterion = db.session.get(Criterion, key)
    if criterion is None:
        raise RuleBroken(fields={"criterion_key": _("Critère inconnu : %(key)s.", key=key)})
    if criterion.retired_at is not None:
        message = _("Le critère « %(name)s » est retiré : il ne s’atteste plus.", name=criterion.label)
        raise RuleBroken(fields={"criterion_key": message})
    if whole_company and criterion.subject is CriterionSubject.OFFER:
        message = _("Ce critère qualifie une offre, jamais une entreprise : déclarez-le pour chaque offre.")
        raise RuleBroken(fields={"criterion_key": message})
    return criterion


def _check_values(claim: Claim) -> None:
    values = {name: getattr(claim, name) for name in ("issuer", "scope", "evidence_url")}
    fields = text_errors(Claim, values)
    if claim.valid_from and claim.valid_until and claim.valid_until < claim.valid_from:
        fields["valid_until"] = _("La date de fin précède la date de début.")
    if claim.evidence_url and not is_web_address(claim.evidence_url):
        fields["evidence_url"] = web_address_error()
    if fields:
        raise RuleBroken(fields=fields)
