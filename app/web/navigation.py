"""What every page shows: the menu entries this reader may open, and `can` for templates."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, request, url_for
from flask_login import current_user

from app.core.i18n import LANGUAGES, current_language
from app.core.i18n import lazy_gettext as _l
from app.permissions import Everyone, GRANTS, Permission, can
from app.web.access import current_actor
from app.web.edge import current_session_is_personal

# (endpoint, label, permission): shown when the reader holds the permission by a role, or to everyone.
ENTRIES = (
    ("catalogue.browse", _l("Offres"), Permission.CATALOGUE_READ),
    ("catalogue.mutualised", _l("Solutions mutualisées"), Permission.CATALOGUE_READ),
    ("needs.browse", _l("Besoins"), Permission.NEED_READ),
    ("agenda.browse", _l("Événements"), Permission.EVENT_READ),
    ("needs.mine", _l("Mes besoins"), Permission.NEED_CREATE),
    ("offers.mine", _l("Mes offres"), Permission.OFFER_CREATE),
    ("agenda.manage", _l("Organiser"), Permission.EVENT_MANAGE),
    ("moderation.queue", _l("Modération"), Permission.CLAIM_DECIDE),
)


@dataclass(frozen=True, slots=True)
class NavigationItem:
    label: str
    url: str
    current: bool


def init_app(app: Flask) -> None:
    app.context_processor(_context)


def _context() -> dict[str, Any]:
    # A visitor's page must not look anybody up: it stays free of queries, error pages included.
    personal = current_session_is_personal()
    return {
        "navigation": [
            NavigationItem(str(label), url_for(endpoint), request.endpoint == endpoint)
            for endpoint, label, permission in ENTRIES
            if Everyone.PUBLIC in GRANTS[permission] or (personal and can(current_actor(), permission))
        ],
        "signed_in_user": current_user if personal and current_user.is_authenticated else None,
        "can": lambda permission, organisation_id=None: (
            can(current_actor(), permission, organisation_id=organisation_id)
        ),
        "Permission": Permission,
        "languages": LANGUAGES,
        "language": current_language(),
    }
