"""From the text of a cell to a typed value; every fault of a row is told at once, column by column."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeVar

from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.core.slugs import slugify
from app.moderation.services.imports.dates import parse_day
from app.moderation.services.imports.tables import SURPLUS

Value = TypeVar("Value")
_YES_NO: Mapping[str, bool] = {
    **dict.fromkeys(("oui", "o", "vrai", "true", "yes", "y", "1", "x"), True),
    **dict.fromkeys(("non", "n", "faux", "false", "no", "0"), False),
}


class Cells:
    """The cells of one row by column name. Call `check` once everything is read."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values
        self.errors: dict[str, str] = {}
        if SURPLUS in values:
            self.errors[""] = str(
                _("La ligne compte plus de cellules que l’en-tête : vérifiez les guillemets.")
            )

    def text(self, column: str, *, required: bool = False, at_most: int | None = None) -> str:
        value = self.values.get(column, "")
        if required and not value:
            self.errors[column] = str(_("Cette valeur est obligatoire."))
        if at_most is not None and len(value) > at_most:
            self.errors[column] = str(_("Ce texte dépasse %(n)d caractères.", n=at_most))
        return value

    def day(self, column: str) -> date | None:
        """A date as `parse_day` reads it; None when empty."""
        return self._read(column, parse_day, str(_("Écrivez la date sous la forme 27/03/2026.")))

    def whole(self, column: str) -> int | None:
        """A positive whole number; blanks between thousands and decimals that are zero are allowed."""
        return self._read(column, _parse_whole, str(_("Écrivez un nombre entier positif, en chiffres.")))

    def yes_no(self, column: str) -> bool | None:
        return self.one_of(column, _YES_NO, shown="oui, non, vrai, faux")

    def one_of(self, column: str, choices: Mapping[str, Value], *, shown: str = "") -> Value | None:
        """One of `choices`, whose keys are without accents or capitals; None when empty."""
        message = str(_("Écrivez l’une de ces réponses : %(list)s.", list=shown or ", ".join(choices)))
        return self._read(column, lambda text: choices[slugify(text)], message)

    def many(self, column: str) -> list[str]:
        """Values separated by blanks, commas, bars or semicolons, each once."""
        return list(dict.fromkeys(re.findall(r"[^\s,;|]+", self.values.get(column, ""))))

    def period(self, start_column: str, end_column: str) -> tuple[date | None, date | None]:
        """Two dates; the end may not precede the start."""
        start, end = self.day(start_column), self.day(end_column)
        if start and end and end < start:
            self.errors[end_column] = str(_("La date de fin précède la date de début."))
        return start, end

    def read(self, column: str, parse: Callable[[str], Value]) -> Value | None:
        """What `parse` makes of the text, its refusal kept in its own words; None when empty."""
        text = self.values.get(column, "")
        try:
            return parse(text) if text else None
        except RuleBroken as error:
            self.errors[column] = " ".join(error.fields.values())
            return None

    def check(self) -> None:
        """Raise RuleBroken when any cell could not be read."""
        if self.errors:
            raise RuleBroken(fields=self.errors)

    def _read(self, column: str, parse: Callable[[str], Value], message: str) -> Value | None:
        text = self.values.get(column, "")
        if not text:
            return None
        try:
            return parse(text)
        except (ValueError, KeyError):
            self.errors[column] = message
            return None


def _parse_whole(text: str) -> int:
    number = int(re.sub(r"[.,]0+$", "", re.sub(r"\s", "", text)))
    if not 0 < number < 2**31:
        raise ValueError(text)
    return number
