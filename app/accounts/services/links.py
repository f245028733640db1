"""Links sent by mail: the secret is drawn when the mail leaves, kept as a hash, works once, and expires."""

import secrets
from datetime import timedelta

import sqlalchemy as sa

from app.accounts.enums import LinkPurpose
from app.accounts.models import SecretLink, User
from app.accounts.queries.sessions import hash_of
from app.core.clock import now
from app.core.db import db, flush_for_id
from app.core.errors import NotFound
from app.core.i18n import gettext as _
from app.outbox.services import Reader, send_mail, take_back

DRAWN_BY = "secret_link"
LASTS = {
    LinkPurpose.NEW_PASSWORD: timedelta(hours=1),
    LinkPurpose.CONFIRM_ADDRESS: timedelta(days=3),
    LinkPurpose.CHANGE_ADDRESS: timedelta(days=1),
}


def send_link(user: User, purpose: LinkPurpose, *, email: str = "") -> SecretLink:
    """Have a link mailed to the person, or to the new address they gave; earlier ones of its kind stop
    working."""
    drop_links(user, purpose)
    link = SecretLink(
        user_id=user.id, purpose=purpose, email=email or user.email, expires_at=now() + LASTS[purpose]
    )
    db.session.add(link)
    flush_for_id()
    send_mail(
        to=[Reader(link.email, user.language)],
        subject=lambda: subject_of(purpose),
        about=f"account.{purpose.value}",
        drawn=(DRAWN_BY, link.id),
    )
    return link


def subject_of(purpose: LinkPurpose) -> str:
    return {
        LinkPurpose.NEW_PASSWORD: _("Choisir un nouveau mot de passe"),
        LinkPurpose.CONFIRM_ADDRESS: _("Confirmer votre adresse"),
        LinkPurpose.CHANGE_ADDRESS: _("Confirmer votre nouvelle adresse"),
    }[purpose]


def drop_links(user: User, *purposes: LinkPurpose) -> None:
    """Links of these kinds (all when none is named) stop working."""
    unused = sa.select(SecretLink.id).where(SecretLink.user_id == user.id, SecretLink.used_at.is_(None))
    if purposes:
        unused = unused.where(SecretLink.purpose.in_(purposes))
    ids = list(db.session.scalars(unused))
    if ids:
        take_back(DRAWN_BY, ids)
        db.session.execute(sa.delete(SecretLink).where(SecretLink.id.in_(ids)))


def draw_token(link_id: int) -> tuple[SecretLink, str] | None:
    """A new token for a link about to leave by mail; None when it no longer matters. Drawn again when the
    mail has to be sent again: the earlier token then stops working."""
    link = db.session.get(SecretLink, link_id, populate_existing=True)
    if link is None or link.used_at is not None or link.expires_at <= now():
        return None
    token = secrets.token_urlsafe(32)
    link.token_hash = hash_of(token)
    return link, token


def find_link(token: str, purpose: LinkPurpose) -> SecretLink:
    """The unused link this token opens; NotFound otherwise, without saying why."""
    query = sa.select(SecretLink).where(
        SecretLink.token_hash == hash_of(token),
        SecretLink.purpose == purpose,
        SecretLink.used_at.is_(None),
        SecretLink.expires_at > now(),
    )
    link = db.session.scalars(query).one_or_none()
    if link is None or not link.user.is_active:
        raise NotFound(_("Ce lien n’est plus valable : demandez-en un autre."))
    return link


def use_link(link: SecretLink) -> None:
    """Claim the link; of two at the same instant only one gets it."""
    used = sa.update(SecretLink).where(SecretLink.id == link.id, SecretLink.used_at.is_(None))
    claimed = db.session.execute(used.values(used_at=now()))
    if not claimed.rowcount:  # type: ignore[attr-defined]  # an UPDATE answers with a CursorResult
        raise NotFound(_("Ce lien n’est plus valable : demandez-en un autre."))
