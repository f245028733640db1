"""The purchase categories of a need or an offer: as many as one wants, on any form that asks for them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from wtforms import FieldList, SelectField

from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.reference.queries import categories_by_code
from app.web.forms import as_choices

MOST = 20
SHOWN = 3


if TYPE_CHECKING:
    _Selects = FieldList[SelectField]
else:
    _Selects = FieldList  # WTForms' own classes take no parameters


class CategoriesField(_Selects):
    """Selects of CPV codes, always one more than are filled in; `data` may hold blanks, `codes()` none."""

    def __init__(self, label: Any = None, **options: Any) -> None:
        select = SelectField(_l("Catégorie d’achat (CPV)"), default="", validate_choice=True)
        super().__init__(select, label or _l("Catégories d’achat (CPV)"), max_entries=MOST, **options)

    def offer(self, choices: Sequence[tuple[str, str]]) -> None:
        """Give every select its choices; a finer code already chosen is kept among them."""
        filled = self.codes()
        missing = set(filled) - {code for code, _label in choices}
        kept = [(row.code, row.label) for row in categories_by_code(missing).values()]
        while len(self) < min(MOST, max(SHOWN, len(filled) + 1)):
            self.append_entry("")
        for entry in self:
            entry.choices = as_choices([("", _("Aucune")), *choices, *kept])

    def codes(self) -> list[str]:
        return list(dict.fromkeys(code for code in self.data if code))

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        """Messages in one list: the page shows them once, for the whole group."""
        valid = super().validate(form, extra_validators)
        texts = [text for entry in self for text in entry.errors]
        self.errors = list(dict.fromkeys(texts))
        return valid
