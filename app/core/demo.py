"""Accounts that `traitdunion demo` shows, on the console and on its sign-in page."""

from app.core.i18n import lazy_gettext as _l

ACCOUNTS = (
    (_l("Ambassade numérique, ministère de l’Intérieur"), "ambassade.interieur@demo.traitdunion.example"),
    (_l("Fournisseur, Armorique Messages"), "contact.armorique-messages@demo.traitdunion.example"),
    (_l("Organisation d’événements"), "organisation@demo.traitdunion.example"),
    (_l("Modération"), "moderation@demo.traitdunion.example"),
    (_l("Modération, seconde voix"), "moderation-2@demo.traitdunion.example"),
)
