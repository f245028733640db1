"""Evidence as its readers may open it, and as its people may change it."""

import sqlalchemy as sa

from app.accounts.enums import Standing
from app.claims.enums import ClaimStatus, Visibility
from app.claims.models import Claim, Contest, Evidence
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
    if piece.contest_id is not None:  # those concerned, and whoever brought it
        if actor.user_id is None or piece.added_by_id != actor.user_id:
            raise NotFound
        return piece
    allowed = piece.visibility is Visibility.PUBLIC or can(actor, Permission.EVIDENCE_READ, on=owner)
    if not allowed or not piece.is_current or not _is_shown(claim):
        raise NotFound
    return piece


def get_claim_to_contest(actor: Actor, claim_id: int) -> Claim:
    """A claim that everyone reads, or NotFound."""
    claim = db.session.get(Claim, claim_id)
    if claim is None or not _is_shown(claim) or not can(actor, Permission.CLAIM_CONTEST):
        raise NotFound
    return claim


def page_of_claim(claim: Claim) -> tuple[str, str]:
    """The page that shows a claim: its endpoint, and what names the thing in its address."""
    if claim.offer_id is not None:
        return "offers.offer", db.session.get_one(Offer, claim.offer_id).slug
    return "offers.vendor", claim.organisation.slug if claim.organisation else ""


def subject_of_claim(claim: Claim) -> str:
    """The name of what a claim is about."""
    if claim.offer_id is not None:
        return db.session.get_one(Offer, claim.offer_id).name
    return claim.organisation.name if claim.organisation else ""


def get_contest_to_answer(actor: Actor, contest_id: int) -> tuple[Claim, Contest]:
    """A contest of a claim that the actor may write about, or NotFound."""
    contest = db.session.get(Contest, contest_id)
    if contest is None:
        raise NotFound
    return get_claim_to_edit(actor, contest.claim_id), contest


def get_evidence_to_edit(actor: Actor, claim_id: int, evidence_id: int) -> tuple[Claim, Evidence]:
    """A piece of this very claim, which the actor may write about, or NotFound."""
    claim = get_claim_to_edit(actor, claim_id)
    piece = next((piece for piece in claim.own_pieces if piece.id == evidence_id), None)
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
