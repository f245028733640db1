"""What every page shows: the menu entries this reader may open, and `can` for templates."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, request, url_for
from flask_login import current_user

from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.permissions import GRANTS, Everyone, Permission, can, may_somewhere
from app.web.access import current_actor
from app.web.edge import current_session_is_personal

# (endpoint, label, permission): shown when the reader holds the permission by a role, or to everyone.
ENTRIES = (
    ("catalogue.browse", _l("Offres"), Permission.CATALOGUE_READ),
    ("catalogue.mutualised", _l("Solutions mutualisées"), Permission.CATALOGUE_READ),
    ("needs.browse", _l("Besoins"), Permission.NEED_READ),
    ("events.browse", _l("Événements"), Permission.EVENT_READ),
    ("needs.mine", _l("Mes besoins"), Permission.NEED_CREATE),
    ("offers.mine", _l("Mes offres"), Permission.OFFER_CREATE),
    ("meetings.requests", _l("Mes rencontres"), Permission.MEETING_ANSWER),
    ("events.manage", _l("Organiser"), Permission.EVENT_MANAGE),
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
    # The menus are functions, so that a page that does not draw them (an error) looks nobody up.
    return {
        "navigation": _navigation,
        "header_links": _header_links,
        "footer_links": _footer_links,
        "can": lambda permission, *, on: can(current_actor(), permission, on=on),
        "may_somewhere": lambda permission: may_somewhere(current_actor(), permission),
        "Permission": Permission,
    }


def _navigation() -> list[NavigationItem]:
    personal = current_session_is_personal()
    return [
        NavigationItem(str(label), url_for(endpoint), request.endpoint == endpoint)
        for endpoint, label, permission in ENTRIES
        if Everyone.PUBLIC in GRANTS[permission] or (personal and may_somewhere(current_actor(), permission))
    ]


def _header_links() -> list[dict[str, str]]:
    if not (current_session_is_personal() and current_user.is_authenticated):
        return [
            {"label": _("Se connecter"), "url": url_for("accounts.sign_in"), "icon": "account-circle-line"},
            {
                "label": _("Inscrire une entreprise"),
                "url": url_for("accounts.sign_up"),
                "icon": "building-line",
            },
        ]
    return [
        {"label": _("Tableau de bord"), "url": url_for("pages.dashboard"), "icon": "home-4-line"},
        {"label": _("Mon agenda"), "url": url_for("schedules.my_agenda"), "icon": "calendar-line"},
        {"label": _("Mon compte"), "url": url_for("accounts.account"), "icon": "account-circle-line"},
        {
            "label": _("Se déconnecter"),
            "url": url_for("accounts.sign_out"),
            "method": "post",
            "icon": "logout-box-r-line",
        },
    ]


def _footer_links() -> list[dict[str, str]]:
    return [
        {"label": _("La doctrine d’achat numérique"), "url": url_for("pages.doctrine")},
        {"label": _("Accessibilité : partiellement conforme"), "url": url_for("pages.accessibility")},
        {"label": _("Mentions légales"), "url": url_for("pages.legal_notice")},
    ]
