"""The form of a buyer's word."""

from collections.abc import Iterable
from typing import Any

from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from app.core.i18n import lazy_gettext as _l
from app.reference.enums import TermKind
from app.web.forms import BaseForm, as_choices

KINDS = {
    TermKind.ACRONYM: _l("Un sigle"),
    TermKind.ENGLISH: _l("Un mot anglais d’usage"),
    TermKind.PRODUCT: _l("Un produit, qui désigne ce qu’il fait"),
}


class TermForm(BaseForm):
    term = StringField(_l("Mot ou sigle"), validators=[InputRequired(), Length(max=60)])
    kind = SelectField(
        _l("Ce que c’est"), choices=as_choices((kind.value, label) for kind, label in KINDS.items())
    )
    function_key = SelectField(_l("Fonction désignée"), validators=[InputRequired()])
    reading = StringField(
        _l("Lu comme"),
        description=_l("Ce que la recherche cherchera ; sans réponse, le nom de la fonction."),
        validators=[Length(max=200)],
    )
    source = StringField(
        _l("Source"),
        description=_l("Où ce sens a été lu, ou qui l’emploie."),
        validators=[InputRequired(), Length(max=300)],
    )

    def answers(self) -> dict[str, Any]:
        """What `services.add_term` takes."""
        return {**self.data, "kind": TermKind(self.kind.data)}


def term_form(functions: Iterable[tuple[str, str]]) -> TermForm:
    """The form; `functions` are (key, label) to choose among."""
    form = TermForm()
    form.kind.choices = as_choices((kind.value, label) for kind, label in KINDS.items())
    named = sorted((label, key) for key, label in functions)
    form.function_key.choices = as_choices((key, label) for label, key in named)
    return form
