"""Checking who a new organisation is: by the domain of its first person's address, else by a moderator."""

from urllib.parse import urlsplit

from app.accounts.enums import Standing
from app.accounts.models import Organisation, SecretLink, User
from app.accounts.queries.standing import duplicates_of
from app.accounts.services.joining import tell_what_waited
from app.accounts.services.links import use_link
from app.audit.services import record
from app.core.clock import now
from app.core.i18n import gettext as _
from app.permissions import SYSTEM, Actor

# Anybody may have an address there: it says nothing of where its owner works.
SHARED_MAILBOXES = frozenset(
    {
        *("aol.com", "bbox.fr", "free.fr", "gmail.com", "gmx.com", "gmx.de", "gmx.fr", "googlemail.com"),
        *("hotmail.com", "hotmail.fr", "icloud.com", "laposte.net", "libero.it", "live.com", "live.fr"),
        *("mac.com", "mail.com", "mailo.com", "me.com", "msn.com", "neuf.fr", "orange.fr", "outlook.com"),
        *("outlook.fr", "pm.me", "proton.me", "protonmail.com", "sfr.fr", "t-online.de", "wanadoo.fr"),
        *("web.de", "yahoo.com", "yahoo.fr", "ymail.com"),
    }
)


def confirm_address(link: SecretLink) -> None:
    """The person's address answers; the new organisations they manage may then be checked by its domain."""
    use_link(link)
    user = link.user
    user.confirmed_at = now()
    record(Actor(user_id=user.id), "user.address_confirmed", user)
    for membership in user.memberships:
        if membership.is_manager:
            check_by_domain(membership.organisation, user)
    tell_what_waited(user)


def check_by_domain(organisation: Organisation, user: User) -> None:
    """Check a waiting organisation when the confirmed address is of its site's domain, and nothing else
    that is registered looks like it; the rest waits for a moderator."""
    if organisation.standing is not Standing.WAITING or not same_domain(user.email, organisation.website):
        return
    if duplicates_of(organisation):
        return
    organisation.standing = Standing.ACTIVE
    organisation.check_evidence = _(
        "L’adresse confirmée %(email)s est du domaine du site %(site)s.",
        email=user.email,
        site=organisation.website,
    )
    record(SYSTEM, "organisation.checked", organisation, by="domain")


def same_domain(email: str, website: str) -> bool:
    """Whether the address is of the site's domain or of one below it; never for a mailbox open to anybody."""
    domain = email.rpartition("@")[2].strip().lower().rstrip(".")
    site = (urlsplit(website).hostname or "").removeprefix("www.").rstrip(".")
    if not domain or not site or domain in SHARED_MAILBOXES or "." not in site:
        return False
    return domain == site or domain.endswith(f".{site}")
