"""Messages of WTForms, said again in plain words: what to do, not what failed."""

from collections.abc import Mapping
from typing import Any

from app.core.i18n import lazy_gettext as _l

_EXPIRED = _l("Le formulaire a expiré. Vos réponses sont conservées : envoyez-le de nouveau.")
_CHOICE = _l("Choisissez une réponse dans la liste.")
_TEXTS: Mapping[str, Any] = {
    "This field is required.": _l("Renseignez ce champ."),
    "Invalid input.": _l("Cette réponse n’a pas la forme attendue."),
    "Invalid email address.": _l("Saisissez une adresse électronique complète, par exemple nom@exemple.fr."),
    "Invalid URL.": _l("Saisissez une adresse complète, par exemple https://www.exemple.fr."),
    "Not a valid choice.": _CHOICE,
    "'%(value)s' is not a valid choice for this field.": _CHOICE,
    "'%(value)s' are not valid choices for this field.": _CHOICE,
    "Invalid Choice: could not coerce.": _CHOICE,
    "Invalid choice(s): one or more data inputs could not be coerced.": _CHOICE,
    "Not a valid date value.": _l("Saisissez une date complète, par exemple 27/03/2026."),
    "Not a valid datetime value.": _l("Saisissez une date et une heure complètes."),
    "Not a valid time value.": _l("Saisissez une heure, par exemple 14:30."),
    "Not a valid decimal value.": _l("Saisissez un nombre."),
    "Not a valid float value.": _l("Saisissez un nombre."),
    "Not a valid integer value.": _l("Saisissez un nombre entier, sans virgule."),
    "Number must be at least %(min)s.": _l("Saisissez un nombre d’au moins %(min)s."),
    "Number must be at most %(max)s.": _l("Saisissez un nombre d’au plus %(max)s."),
    "Number must be between %(min)s and %(max)s.": _l("Saisissez un nombre entre %(min)s et %(max)s."),
    "Field must be equal to %(other_name)s.": _l("Les deux réponses ne sont pas identiques."),
    "The CSRF token is missing.": _EXPIRED,
    "The CSRF token has expired.": _EXPIRED,
}
_COUNTED: Mapping[str, Any] = {
    "Field must be at least %(min)d character long.": _l("Écrivez au moins %(min)d caractères."),
    "Field cannot be longer than %(max)d character.": _l("Raccourcissez ce texte à %(max)d caractères."),
    "Field must be exactly %(max)d character long.": _l("Écrivez exactement %(max)d caractères."),
}
_BETWEEN = _l("Écrivez entre %(min)d et %(max)d caractères.")


class Messages:
    """What WTForms asks for a translation; an unknown text is returned as it is."""

    def gettext(self, text: str) -> str:
        if text == "Field must be between %(min)d and %(max)d characters long.":
            return str(_BETWEEN)
        return str(_TEXTS.get(text, text))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return str(_COUNTED.get(singular, singular if n == 1 else plural))
