"""Claims about an offer or a whole company: declare, ask for verification, answer a finding, withdraw."""

from datetime import date

from app.audit.services import record
from app.claims.enums import ClaimStatus, Visibility
from app.claims.models import Claim, Subject
from app.claims.queries import may_write
from app.claims.services.consistency import check_consistent
from app.claims.services.evidence import attach
from app.claims.services.receiving import Received
from app.claims.signals import claim_changed
from app.core.checks import is_secure_address, secure_address_error, text_errors
from app.core.clock import now, today
from app.core.db import db, flush_for_id
from app.core.errors import Forbidden, InvalidTransition, RuleBroken
from app.core.i18n import gettext as _
from app.permissions import Actor
from app.reference.enums import CriterionSubject
from app.reference.models import Attribute
from app.reference.queries import claimable_attributes
from app.reference.services import checked_value


def declare_claim(
    actor: Actor,
    subject: Subject,
    *,
    attribute_key: str,
    value: object,
    statement: str = "",
    issuer: str = "",
    scope: str = "",
    valid_from: date | None = None,
    valid_until: date | None = None,
    evidence_url: str = "",
    evidence_title: str = "",
    evidence: Received | None = None,
    visibility: Visibility = Visibility.RESTRICTED,
    asks_verification: bool = False,
    as_history: bool = False,
) -> Claim:
    """State the value of an attribute of an offer, or of a whole organisation, with what establishes it.

    Verification is asked of what is shown, never of a word alone. What contradicts a standing claim is
    refused, and so is what has already expired, unless a register tells it `as_history`. Against a
    finding, new evidence is asked for, and goes to the moderators."""
    _require_to_write(actor, subject.organisation_id)
    attribute = _attribute_for(attribute_key, whole_company=subject.offer_id is None)
    texts = {"statement": statement, "issuer": issuer, "scope": scope}
    claim = Claim(
        offer_id=subject.offer_id,
        organisation_id=subject.organisation_id,
        offer_version=subject.version,
        attribute=attribute,
        value=checked_value(attribute, value),
        valid_from=valid_from,
        valid_until=valid_until,
        status=ClaimStatus.DECLARED,  # its default comes at the flush, after the checks
        awaits_verification=asks_verification,
        **{name: text.strip() for name, text in texts.items()},
    )
    _check_values(claim, evidence_url.strip(), as_history=as_history)
    if claim.has_expired(today()):
        claim.expiry_told_at = now()  # it was over when it was told: nobody learns anything
    shown = {piece for piece in (evidence.sha256 if evidence else "", evidence_url.strip()) if piece}
    check_consistent(claim, shown)
    if asks_verification and not shown:
        raise RuleBroken(fields={"evidence_file": without_evidence()})
    db.session.add(claim)
    flush_for_id()
    record(actor, "claim.declared", claim, criterion=attribute_key, value=claim.value)
    attach(actor, claim, url=evidence_url, title=evidence_title, received=evidence, visibility=visibility)
    tell_of_claim(claim)
    return claim


def request_verification(actor: Actor, claim: Claim) -> None:
    """Put a declared claim in the moderators’ queue."""
    _require_to_write(actor, claim.organisation_id)
    if claim.is_derived:
        raise InvalidTransition(_("Un champ de la fiche le dit : déclarez-le vous-même, avec sa preuve."))
    if claim.awaits_verification:
        raise InvalidTransition(_("La vérification de cette attestation est déjà demandée."))
    if claim.status is not ClaimStatus.DECLARED:
        raise InvalidTransition(_("Cette attestation a déjà été examinée."))
    if claim.has_expired(today()):
        raise InvalidTransition(_("Cette attestation a expiré : déclarez la nouvelle, avec ses dates."))
    if not claim.evidence:
        raise InvalidTransition(without_evidence())
    claim.awaits_verification = True
    record(actor, "claim.verification_requested", claim, criterion=claim.attribute_key)
    tell_of_claim(claim)


def answer_finding(
    actor: Actor,
    claim: Claim,
    *,
    answer: str,
    evidence_url: str = "",
    evidence_title: str = "",
    evidence: Received | None = None,
    visibility: Visibility = Visibility.RESTRICTED,
) -> None:
    """Answer a moderator who found the evidence wanting or to the contrary: the answer stands beside the
    finding for everyone to read, new evidence beside the old, and the claim goes back to the moderators."""
    _require_to_write(actor, claim.organisation_id)
    if claim.status not in (ClaimStatus.NOT_ESTABLISHED, ClaimStatus.CONTRADICTED):
        raise InvalidTransition(_("Rien n’est reproché à cette attestation : il n’y a rien à répondre."))
    if claim.awaits_verification:
        raise InvalidTransition(_("Votre réponse attend déjà l’examen d’un modérateur."))
    fields = {}
    if not answer.strip():
        fields["answer"] = _("Écrivez votre réponse : un modérateur la lira, et elle sera publiée.")
    if evidence_url.strip() and not is_secure_address(evidence_url.strip()):
        fields["evidence_url"] = secure_address_error()
    if fields:
        raise RuleBroken(fields=fields)
    claim.answer, claim.awaits_verification = answer.strip(), True
    record(actor, "claim.answered", claim, criterion=claim.attribute_key, statement=claim.answer)
    attach(actor, claim, url=evidence_url, title=evidence_title, received=evidence, visibility=visibility)
    tell_of_claim(claim)


def withdraw_claim(actor: Actor, claim: Claim) -> None:
    """Take a claim back: it counts no more, and stays as history. What was contradicted stays: it is a
    moderator’s finding."""
    _require_to_write(actor, claim.organisation_id)
    if claim.status is ClaimStatus.CONTRADICTED:
        message = _("Une attestation contredite reste affichée : répondez-y, ou déclarez-la de nouveau.")
        raise InvalidTransition(message)
    if claim.is_derived:
        raise InvalidTransition(_("Un champ de la fiche le dit : corrigez ce champ, l’attestation suivra."))
    if claim.status is ClaimStatus.WITHDRAWN:
        raise InvalidTransition(_("Cette attestation est déjà retirée."))
    before = claim.status.value
    claim.status, claim.withdrawn_at, claim.awaits_verification = ClaimStatus.WITHDRAWN, now(), False
    record(actor, "claim.withdrawn", claim, criterion=claim.attribute_key, status=before)
    tell_of_claim(claim)


def without_evidence() -> str:
    return str(_("Joignez d’abord une preuve, fichier ou adresse : un modérateur ne vérifie rien sans elle."))


def tell_of_claim(claim: Claim) -> None:
    """Let the other domains know."""
    claim_changed.send(claim.offer_id, organisation_id=claim.organisation_id)


def _require_to_write(actor: Actor, organisation_id: int | None) -> None:
    if not may_write(actor, organisation_id):
        raise Forbidden(_("Votre compte ne permet pas cette action."))


def _attribute_for(key: str, *, whole_company: bool) -> Attribute:
    attribute = db.session.get(Attribute, key)
    if attribute is None:
        raise RuleBroken(fields={"attribute_key": _("Critère inconnu : %(key)s.", key=key)})
    if attribute not in claimable_attributes():
        message = _("Le critère « %(name)s » est retiré : il ne s’atteste plus.", name=attribute.label)
        raise RuleBroken(fields={"attribute_key": message})
    if whole_company and attribute.subject is CriterionSubject.OFFER:
        message = _("Ce critère qualifie une offre, jamais une entreprise : déclarez-le pour chaque offre.")
        raise RuleBroken(fields={"attribute_key": message})
    return attribute


def _check_values(claim: Claim, evidence_url: str, *, as_history: bool) -> None:
    fields = text_errors(Claim, {name: getattr(claim, name) for name in ("issuer", "scope")})
    if claim.valid_from and claim.valid_until and claim.valid_until < claim.valid_from:
        fields["valid_until"] = _("La date de fin précède la date de début.")
    elif claim.valid_until and claim.valid_until < today() and not as_history:
        fields["valid_until"] = _("Cette date est passée : attestez ce qui vaut encore aujourd’hui.")
    if evidence_url and not is_secure_address(evidence_url):
        fields["evidence_url"] = secure_address_error()
    if fields:
        raise RuleBroken(fields=fields)
