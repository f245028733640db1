"""The form of a need. Hard criteria are rows, so their fields are made from them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.content.forms import ContentForm, carried
from app.content.services import Seen
from app.core.i18n import LANGUAGES, localised
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.needs.enums import DEFAULT_AUDIENCES, Audience, Part, RequiredLevel, meant_for
from app.needs.spec import MOST_USERS, NEED
from app.reference.forms import CategoriesField
from app.web.forms import as_choices

PREFIX = "requires_"


def _audience_field(part: Part, label: Any) -> SelectField:
    return SelectField(label, default=DEFAULT_AUDIENCES[part].value)


class NeedForm(ContentForm):
    """Fixed fields; `need_form` adds one select for each hard criterion."""

    organisation_id = SelectField(_l("Administration"), coerce=int, validators=[InputRequired()])
    title = StringField(
        _l("Votre besoin, en une phrase"),
        description=_l("Par exemple : « Messagerie instantanée pour les agents en mobilité »."),
        validators=[InputRequired(), Length(max=300)],
    )
    description = TextAreaField(
        _l("Ce dont vous avez besoin"),
        description=_l(
            "Le résultat attendu, les utilisateurs, les fonctions, les contraintes et le calendrier. "
            "Ne nommez pas de produit : c’est le sens de votre texte qui sert à trouver les solutions."
        ),
        validators=[InputRequired(), Length(max=20000)],
        render_kw={"rows": 10},
    )
    users_count = IntegerField(
        _l("Nombre d’utilisateurs"), validators=[Optional(), NumberRange(min=1, max=MOST_USERS)]
    )
    deadline_on = DateField(_l("Échéance souhaitée"), validators=[Optional()])
    budget_range = StringField(_l("Budget, si vous pouvez le dire"), validators=[Length(max=120)])
    measure = TextAreaField(
        _l("Comment le résultat sera mesuré"),
        description=_l("Par exemple : « 300 agents l’utilisent chaque semaine six mois après l’ouverture »."),
        validators=[Length(max=4000)],
        render_kw={"rows": 3},
    )
    context = TextAreaField(
        _l("L’existant, et ce qui doit s’y raccorder"),
        description=_l("Outils en place, annuaire, données à reprendre."),
        validators=[Length(max=8000)],
        render_kw={"rows": 4},
    )
    contract_holder = StringField(_l("Titulaire du contrat en cours"), validators=[Length(max=160)])
    contract_product = StringField(_l("Produit ou service en place"), validators=[Length(max=160)])
    contract_ends_on = DateField(_l("Fin du contrat en cours"), validators=[Optional()])
    contract_exit = TextAreaField(
        _l("Conditions de sortie du contrat en cours"),
        description=_l("Préavis, reprise des données, coût."),
        validators=[Length(max=4000)],
        render_kw={"rows": 3},
    )
    categories = CategoriesField()
    sensitive_data = BooleanField(
        _l("Des données d’une sensibilité particulière sont en jeu"),
        description=_l(
            "Au sens de l’article 31 de la loi SREN du 21 mai 2024 : leur hébergement doit être SecNumCloud."
        ),
    )
    language = SelectField(_l("Langue de la description"), choices=dict(LANGUAGES), default="fr")

    audience_context = _audience_field(Part.CONTEXT, _l("Qui lit l’existant"))
    audience_budget = _audience_field(Part.BUDGET, _l("Qui lit le budget"))
    audience_contract = _audience_field(Part.CONTRACT, _l("Qui lit le contrat en cours"))

    criterion_fields: tuple[str, ...] = ()

    def criteria(self) -> Iterable[Any]:
        """The selects of the hard criteria, in their order."""
        return [self[name] for name in self.criterion_fields]

    def requirements(self) -> dict[str, RequiredLevel]:
        """Criterion key -> level, for those asked."""
        return {
            name.removeprefix(PREFIX): RequiredLevel(self[name].data)
            for name in self.criterion_fields
            if self[name].data
        }

    def answers(self) -> dict[str, Any]:
        """The content as Python values."""
        simple = (
            *("title", "description", "users_count", "deadline_on", "budget_range", "sensitive_data"),
            *("measure", "context", "contract_holder", "contract_product", "contract_ends_on"),
            "contract_exit",
        )
        return {
            **{name: self[name].data for name in simple},
            "language": self.language.data or "fr",
            "categories": self.categories.codes(),
            "requirements": self.requirements(),
            "audiences": {part.value: self[f"audience_{part.value}"].data for part in Part},
        }


def need_form(
    *,
    criteria: Sequence[Any],
    categories: Sequence[tuple[str, str]],
    organisations: Sequence[tuple[int, str]],
    seen: Seen | None = None,
    organisation_id: int | None = None,
    **options: Any,
) -> NeedForm:
    """A `NeedForm` with its choices, filled with what its editor has `seen`."""
    levels = as_choices(
        [
            ("", _("Non exigé")),
            (RequiredLevel.DECLARED.value, _("Exigé ; la déclaration du fournisseur suffit")),
            (RequiredLevel.VERIFIED.value, _("Exigé et vérifié")),
        ]
    )
    fields = {
        PREFIX + criterion.key: SelectField(
            criterion.label
            if criterion.retired_at is None
            else _("%(name)s (critère retiré)", name=criterion.label),
            description=localised(criterion.description_fr, criterion.description_en),
            choices=levels,
            default="",
        )
        for criterion in criteria
    }
    kind = type("NeedFormWithCriteria", (NeedForm,), {**fields, "criterion_fields": tuple(fields)})
    initial = {"organisation_id": organisation_id, **_initial(seen)}
    form: NeedForm = kind(data=initial, **options)
    form.organisation_id.choices = as_choices(organisations)
    for part in Part:
        readers = [(audience.value, audience.label) for audience in Audience]
        form[f"audience_{part.value}"].choices = as_choices(readers)
    form.categories.offer(categories)
    return form


def _initial(seen: Seen | None) -> Mapping[str, Any]:
    if seen is None:
        return {}
    values = NEED.load(seen.content)
    levels = {PREFIX + key: level for key, level in values.pop("requirements").items()}
    audiences = meant_for(values.pop("audiences"))
    readers = {f"audience_{part.value}": audience.value for part, audience in audiences.items()}
    return {**values, **levels, **readers, **carried(seen)}
