"""Evidence as its readers may open it, and as its people may change it."""

import sqlalchemy as sa

from app.accounts.enums import Standing
from app.claims.enums import ClaimStatus, Visibility
from app.claims.models import Claim, Evidence
from app.claims.queries import get_claim_to_edit
from app.core.db import db
from app.core.errors import NotFound
from app.offers.enums import OfferStatus
from app.offers.models import Offer
from app.permissions import Actor, OwnedBy, Permission, can


def get_evidence_to_read(actor: Actor, evidence_id: int) -> Evidence:
    """A piece that the actor may open, or NotFound. Its own people and moderators open whatever there is;
    others what stands beside a claim that they can read."""
    query = sa.select(Evidence, Claim).join(Claim, Claim.id == Evidence.claim_id)
    found = db.session.execute(query.where(Evidence.id == evidence_id)).one_or_none()
    if found is None:
        raise NotFound
    piece, claim = found
    owner = OwnedBy(claim.organisation_id)
    if can(actor, Permission.CLAIM_CREATE, on=owner) or can(actor, Permission.CLAIM_DECIDE):
        return piece
    allowed = piece.visibility is Visibility.PUBLIC or can(actor, Permission.EVIDENCE_READ, on=owner)
    if not allowed or not piece.is_current or not _is_shown(claim):
        raise NotFound
    return piece


def get_evidence_to_edit(actor: Actor, claim_id: int, evidence_id: int) -> tuple[Claim, Evidence]:
    """A piece of this very claim, which the actor may write about, or NotFound."""
    claim = get_claim_to_edit(actor, claim_id)
    piece = next((piece for piece in claim.pieces if piece.id == evidence_id), None)
    if piece is None:
        raise NotFound
    return claim, piece


def _is_shown(claim: Claim) -> bool:
    """Whether everyone reads the claim."""
    if claim.status is ClaimStatus.WITHDRAWN:
        return False
    if claim.offer_id is not None:
        return db.session.get_one(Offer, claim.offer_id).status is OfferStatus.PUBLISHED
    owner = claim.organisation
    return owner is not None and owner.first_shown_at is not None and owner.standing is Standing.ACTIVE
