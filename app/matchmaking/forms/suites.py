"""What the address of a page of suites asks for: functions, criteria, kinds of offers."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import Length

from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.core.i18n import localised
from app.core.text import search_key
from app.needs.enums import EffectiveRequirement, RequiredLevel, effective_requirements
from app.offers.enums import OfferKind
from app.web.forms import BaseForm, Checkboxes, as_choices

FEWEST, MOST = 2, 6
FUNCTIONS = tuple(f"fonction_{number}" for number in range(1, MOST + 1))
PREFIX = "exige_"
LONGEST = 200
EXAMPLES = (
    (
        _l("Les outils de tous les jours"),
        (
            _l("Messagerie électronique"),
            _l("Visioconférence"),
            _l("Édition de documents à plusieurs"),
            _l("Messagerie instantanée"),
        ),
    ),
    (_l("Les réunions"), (_l("Visioconférence"), _l("Prise de notes en réunion"), _l("Agenda partagé"))),
    (
        _l("Un guichet en ligne"),
        (_l("Formulaires en ligne"), _l("Signature électronique"), _l("Authentification des usagers")),
    ),
)
SUGGESTIONS = (
    *dict.fromkeys(function for _name, functions in EXAMPLES for function in functions),
    _l("Stockage et partage de fichiers"),
    _l("Transfert de fichiers volumineux"),
    _l("Gestion de projet"),
    _l("Assistance aux utilisateurs"),
    _l("Sauvegarde"),
)


class SuiteForm(BaseForm):
    """Functions and kinds; `suite_form` adds one select for each hard criterion."""

    class Meta(BaseForm.Meta):
        csrf = False  # it only asks: its address can be shared

    kinds = Checkboxes(_l("Chercher parmi"), name="type")
    sensitive_data = BooleanField(
        _l("Des données d’une sensibilité particulière sont en jeu"),
        name="donnees_sensibles",
        description=_l("Seules les offres dont la qualification SecNumCloud est vérifiée sont retenues."),
    )
    criterion_fields: tuple[str, ...] = ()

    def function_fields(self) -> Iterable[Any]:
        return [self[name] for name in FUNCTIONS]

    def criteria(self) -> Iterable[Any]:
        """The selects of the hard criteria, in their order."""
        return [self[name] for name in self.criterion_fields]

    def functions(self) -> list[str]:
        """Those typed, each once, in their order."""
        typed = {search_key(field.data): field.data for field in self.function_fields() if field.data}
        return list(typed.values())

    def requirements(self) -> tuple[EffectiveRequirement, ...]:
        """What is asked, and what the law adds to it."""
        asked = {
            name.removeprefix(PREFIX): RequiredLevel(self[name].data)
            for name in self.criterion_fields
            if self[name].data
        }
        return effective_requirements(asked, sensitive_data=self.sensitive_data.data)

    def check(self) -> bool:
        """Whether the question can be asked; if not, the reasons are beside the fields."""
        if not self.validate():
            return False
        for field in self.function_fields():
            if field.data and not any(character.isalnum() for character in field.data):
                field.errors = [*field.errors, _("Décrivez cette fonction en quelques mots.")]
        if len(self.functions()) < FEWEST:
            second = self[FUNCTIONS[FEWEST - 1]]
            message = _("Indiquez au moins deux fonctions différentes : un ensemble en couvre plusieurs.")
            second.errors = [*second.errors, message]
        return not self.errors


def suite_form(criteria: Sequence[Any], arguments: MultiDict[str, str]) -> SuiteForm:
    """A `SuiteForm` read from an address; every kind is searched when none is named."""
    levels = as_choices(
        [
            ("", _("Non exigé")),
            (RequiredLevel.DECLARED.value, _("Exigé ; la déclaration du fournisseur suffit")),
            (RequiredLevel.VERIFIED.value, _("Exigé et vérifié")),
        ]
    )
    fields: dict[str, Any] = {
        name: StringField(
            _("Fonction %(n)d", n=number),
            validators=[Length(max=LONGEST)],
            render_kw={"list": "suggestions", "maxlength": LONGEST, "autocomplete": "off"},
        )
        for number, name in enumerate(FUNCTIONS, start=1)
    }
    required = {
        PREFIX + criterion.key: SelectField(
            criterion.label,
            description=localised(criterion.description_fr, criterion.description_en),
            choices=levels,
            default="",
        )
        for criterion in criteria
    }
    attributes = {**fields, **required, "criterion_fields": tuple(required)}
    kind: type[SuiteForm] = type("SuiteFormWithCriteria", (SuiteForm,), attributes)
    everything = [item.value for item in OfferKind]
    read = arguments.copy()
    for name in required:
        read.setdefault(name, "")
    if not read.getlist("type"):
        read.setlist("type", everything)
    form = kind(formdata=read)
    form.kinds.choices = as_choices((item.value, item.label) for item in OfferKind)
    return form


def is_asked(arguments: Mapping[str, str]) -> bool:
    """Whether an address asks for something, or only opens the page."""
    return any(name in arguments for name in FUNCTIONS)


def example_links() -> list[tuple[str, dict[str, str]]]:
    """Ready-made suites: name, and the arguments of their address."""
    return [
        (str(name), {field: str(text) for field, text in zip(FUNCTIONS, functions, strict=False)})
        for name, functions in EXAMPLES
    ]
