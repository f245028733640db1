"""What a person signs in with: address and password, and changing them."""

from sqlalchemy.exc import IntegrityError

from app.accounts.enums import LinkPurpose
from app.accounts.models import SecretLink, User
from app.accounts.queries import find_user_by_email
from app.accounts.services import passwords
from app.accounts.services.attempts import forget_failures
from app.accounts.services.links import drop_links, find_link, send_link, use_link
from app.accounts.services.sessions import end_sessions
from app.audit.services import record
from app.core.clock import now
from app.core.db import db, flush_for_id, rollback
from app.core.errors import Conflict, RuleBroken
from app.core.i18n import gettext as _
from app.outbox.services import Reader, send_mail
from app.permissions import Actor


def authenticate(*, email: str, password: str) -> User | None:
    """The person when address and password agree, else None, in the same time either way."""
    user = find_user_by_email(email)
    stored = user.password_hash if user else passwords.unknown_user_hash()
    rollback()  # comparing takes a while: hold no lock meanwhile
    if not passwords.verify_password(stored, password) or user is None:
        return None
    user.signed_in_at = now()
    forget_failures(user.email)
    record(Actor(user_id=user.id), "user.signed_in", user)
    return user


def reset_password(token: str, *, password: str) -> None:
    """Choose a new password by a link sent by mail, which then stops working."""
    user = find_link(token, LinkPurpose.NEW_PASSWORD).user
    hashed = _checked_hash(user, password)
    link = find_link(token, LinkPurpose.NEW_PASSWORD)
    use_link(link)
    _set_password(link.user, hashed)


def change_password(user: User, *, current: str, password: str, session_token: str) -> None:
    """Choose a new password, knowing the present one; the session in use goes on."""
    _check_current(user, current)
    hashed = _checked_hash(user, password)
    _set_password(user, hashed, but=session_token)


def ask_address(user: User, *, email: str, current: str) -> None:
    """Ask for another address: a link goes to the new one, and the old one is told at once."""
    _check_current(user, current)
    if find_user_by_email(email) is not None:
        raise RuleBroken(fields={"email": _("Un compte existe déjà à cette adresse.")})
    send_link(user, LinkPurpose.CHANGE_ADDRESS, email=email.strip().lower())
    send_mail(
        to=[Reader(user.email, user.language)],
        subject=lambda: _("Votre adresse va changer"),
        body=lambda: _(
            "Bonjour %(name)s,\n\nVotre adresse sur Trait d’union va devenir %(email)s, dès que le lien "
            "envoyé à "
            "cette adresse aura été suivi.\n\nSi vous n’avez rien demandé, changez votre mot de passe sans "
            "attendre.",
            name=user.name,
            email=email.strip().lower(),
        ),
        about="account.address_asked",
    )


def change_address(link: SecretLink) -> None:
    """The new address is confirmed: it replaces the old one, which is told, and every session ends."""
    user, old = link.user, link.user.email
    use_link(link)
    try:
        with db.session.begin_nested():
            user.email, user.confirmed_at = link.email, now()
            flush_for_id()
    except IntegrityError as error:
        raise Conflict(_("Un compte existe déjà à cette adresse.")) from error
    end_sessions(user.id)
    drop_links(user)
    record(Actor(user_id=user.id), "user.address_changed", user, before=old, after=user.email)
    send_mail(
        to=[Reader(old, user.language)],
        subject=lambda: _("Votre adresse a changé"),
        body=lambda: _(
            "Bonjour %(name)s,\n\nVotre adresse sur Trait d’union est maintenant %(email)s. Celle-ci ne "
            "sert plus à vous connecter.",
            name=user.name,
            email=user.email,
        ),
        about="account.address_changed",
    )


def _check_current(user: User, password: str) -> None:
    stored = user.password_hash
    rollback()  # comparing takes a while: hold no lock meanwhile
    if not passwords.verify_password(stored, password):
        raise RuleBroken(fields={"current": _("Ce n’est pas votre mot de passe actuel.")})


def _checked_hash(user: User, password: str) -> str:
    known = (user.email, user.name)
    rollback()  # hashing takes a while: hold no lock meanwhile
    passwords.check_password(password, known=known)
    return passwords.hash_password(password)


def _set_password(user: User, hashed: str, *, but: str = "") -> None:
    """Every session ends, but the one whose token is given, and every link sent before stops working."""
    user.password_hash = hashed
    end_sessions(user.id, but=but)
    drop_links(user)
    forget_failures(user.email)
    record(Actor(user_id=user.id), "user.password_changed", user)
