"""Evidence of claims: added, replaced, removed; what was once shown stays as history."""

from collections.abc import Iterable

import sqlalchemy as sa

from app.audit.services import record, record_refusal
from app.claims.enums import ClaimStatus, Visibility
from app.claims.models import Claim, Evidence
from app.claims.queries import may_write
from app.claims.services.receiving import Received, kept_files, most_pieces
from app.core.checks import is_secure_address, secure_address_error, text_errors
from app.core.clock import now
from app.core.db import db, flush_for_id
from app.core.errors import Forbidden, InvalidTransition, RuleBroken
from app.core.i18n import gettext as _
from app.permissions import Actor

MOST_EVER = 50
"""Pieces of one claim, history included: nobody fills the disk by replacing."""
DECIDED = frozenset({ClaimStatus.VERIFIED, ClaimStatus.CONTRADICTED})


def add_evidence(
    actor: Actor,
    claim: Claim,
    *,
    received: Received | None = None,
    url: str = "",
    title: str = "",
    visibility: Visibility = Visibility.RESTRICTED,
) -> Evidence:
    """Attach a document or an address to a claim; the document is put in its place as the last thing done.

    Refused: a document that is evidence of another offer, the same piece twice, one more than the limit."""
    _require_to_write(actor, claim)
    if claim.status is ClaimStatus.WITHDRAWN:
        raise InvalidTransition(_("Cette attestation est retirée : elle ne prend plus de preuve."))
    piece = new_piece(received, url, title)
    piece.claim_id, piece.visibility, piece.added_by_id = claim.id, visibility, actor.user_id
    field = "evidence_file" if received is not None else "evidence_url"
    _check_room(claim, piece, field)
    if received is not None:
        _check_of_this_offer(actor, claim, received)
    claim.pieces.append(piece)
    claim.proposed = None  # it was about what was there before
    flush_for_id()
    _record(actor, "evidence.added", claim, piece, sha256=piece.sha256)
    store(received)
    return piece


def attach(
    actor: Actor, claim: Claim, *, url: str, title: str, received: Received | None, visibility: Visibility
) -> None:
    """What comes with a statement: an address, a document, both, or nothing."""
    if url.strip():
        add_evidence(actor, claim, url=url, title=title, visibility=visibility)
    if received is not None:
        own = "" if url.strip() else title
        add_evidence(actor, claim, received=received, title=own, visibility=visibility)


def replace_evidence(
    actor: Actor,
    claim: Claim,
    piece: Evidence,
    *,
    received: Received | None = None,
    url: str = "",
    title: str = "",
    visibility: Visibility = Visibility.RESTRICTED,
) -> Evidence:
    """Put a piece in the place of another, which stays as history."""
    _require_to_write(actor, claim)
    _check_removable(claim, piece)
    if (received.sha256 if received is not None else url.strip()) == piece.identity:
        field = "evidence_file" if received is not None else "evidence_url"
        raise RuleBroken(fields={field: _("C’est la même pièce : il n’y a rien à remplacer.")})
    piece.removed_at, piece.removed_by_id = now(), actor.user_id
    new = add_evidence(actor, claim, received=received, url=url, title=title, visibility=visibility)
    piece.replaced_by_id = new.id
    _record(actor, "evidence.replaced", claim, piece)
    return new


def remove_evidence(actor: Actor, claim: Claim, piece: Evidence) -> None:
    """Take a piece away; not the last one of a claim whose verification is asked."""
    _require_to_write(actor, claim)
    _check_removable(claim, piece)
    if claim.awaits_verification and len(claim.evidence) == 1:
        raise InvalidTransition(
            _("La vérification est demandée sur cette seule pièce : remplacez-la, ou retirez l’attestation.")
        )
    piece.removed_at, piece.removed_by_id = now(), actor.user_id
    _record(actor, "evidence.removed", claim, piece)


def show_evidence_to(actor: Actor, claim: Claim, piece: Evidence, visibility: Visibility) -> None:
    """Change who may open a piece."""
    _require_to_write(actor, claim)
    if piece.visibility is visibility:
        return
    piece.visibility = visibility
    _record(actor, "evidence.shown_to", claim, piece, visibility=visibility.value)


def note_examined(pieces: Iterable[Evidence]) -> None:
    """A moderator decides with these at hand: they can no longer be taken away."""
    for piece in pieces:
        piece.examined_at = piece.examined_at or now()


def sweep_evidence() -> int:
    """Remove the files that no row names; answers how many."""
    query = sa.select(Evidence.sha256).where(Evidence.sha256.is_not(None)).distinct()
    return kept_files().sweep(frozenset(str(sha256) for sha256 in db.session.scalars(query)))


def _record(actor: Actor, action: str, claim: Claim, piece: Evidence, **details: str | None) -> None:
    told = {"title": piece.title, "evidence_id": piece.id, **details}
    record(actor, action, claim, criterion=claim.attribute_key, **told)


def store(received: Received | None) -> None:
    """Put a document in its place: the last thing done."""
    if received is not None:
        kept_files().keep(received.path, received.sha256)


def new_piece(received: Received | None, url: str, title: str) -> Evidence:
    """A row of what was sent, of no claim yet."""
    if received is not None:
        return Evidence(
            title=title.strip()[:300] or received.title,
            sha256=received.sha256,
            media_type=received.media_type,
            size=received.size,
            pages=received.pages,
            scanned_at=now() if received.is_scanned else None,
        )
    address = url.strip()
    if not address:
        message = _("Joignez un fichier, ou donnez l’adresse de la preuve.")
        raise RuleBroken(fields={"evidence_file": message})
    found = Evidence(title=title.strip() or address[:300], url=address)
    fields = text_errors(Evidence, {"url": address, "title": title.strip()})
    if not is_secure_address(address):
        fields["url"] = secure_address_error()
    if fields:
        raise RuleBroken(fields={f"evidence_{name}": text for name, text in fields.items()})
    return found


def _check_room(claim: Claim, piece: Evidence, field: str) -> None:
    current = claim.evidence
    if piece.identity in {other.identity for other in current}:
        raise RuleBroken(fields={field: _("Cette pièce est déjà jointe à cette attestation.")})
    if len(current) >= most_pieces():
        message = _("Cette attestation a déjà %(n)s pièces : retirez-en une d’abord.", n=len(current))
        raise RuleBroken(fields={field: message})
    if len(claim.own_pieces) >= MOST_EVER:
        message = _("Trop de pièces se sont succédé ici : retirez l’attestation, et déclarez-la de nouveau.")
        raise RuleBroken(fields={field: message})


def _check_of_this_offer(actor: Actor, claim: Claim, received: Received) -> None:
    """What establishes something of one offer cannot be passed off as evidence of another."""
    elsewhere: sa.ColumnElement[bool] = Claim.organisation_id.is_distinct_from(claim.organisation_id)
    if claim.offer_id is not None:  # what is said of the whole company serves its offers, and the reverse
        elsewhere = sa.or_(elsewhere, Claim.offer_id != claim.offer_id)
    query = (
        sa.select(Claim.id)
        .join(Evidence, Evidence.claim_id == Claim.id)
        .where(Evidence.sha256 == received.sha256, Evidence.contest_id.is_(None), elsewhere)
        .limit(1)
    )
    other = db.session.scalars(query).first()
    if other is None:
        return
    told = {"title": received.title, "claim_id": other}
    record_refusal(actor, "evidence.of_another_offer", claim, criterion=claim.attribute_key, **told)
    message = _(
        "Ce document est déjà la preuve d’une autre offre : il ne peut servir ici. S’il vaut pour toute "
        "l’entreprise, déclarez-le pour l’entreprise."
    )
    raise RuleBroken(fields={"evidence_file": message})


def _check_removable(claim: Claim, piece: Evidence) -> None:
    if not piece.is_current:
        raise InvalidTransition(_("Cette pièce a déjà été retirée ou remplacée."))
    if piece.examined_at is not None and claim.status in DECIDED:
        raise InvalidTransition(
            _("Une décision de la modération s’appuie sur cette pièce : ajoutez la nouvelle à côté.")
        )


def _require_to_write(actor: Actor, claim: Claim) -> None:
    if not may_write(actor, claim.organisation_id):
        raise Forbidden(_("Votre compte ne permet pas cette action."))
