"""The form of a need. Hard criteria are rows, so their fields are made from them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.core.i18n import localised
from app.needs.enums import RequiredLevel
from app.web.forms import BaseForm, as_choices

CATEGORY_FIELDS = ("category_1", "category_2", "category_3")
PREFIX = "requires_"


class NeedForm(BaseForm):
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
        _l("Nombre d’utilisateurs"), validators=[Optional(), NumberRange(min=1, max=10_000_000)]
    )
    deadline_on = DateField(_l("Échéance souhaitée"), validators=[Optional()])
    budget_range = StringField(_l("Budget, si vous pouvez le dire"), validators=[Length(max=120)])
    category_1 = SelectField(_l("Catégorie d’achat (CPV)"), default="")
    category_2 = SelectField(_l("Deuxième catégorie"), default="")
    category_3 = SelectField(_l("Troisième catégorie"), default="")
    sensitive_data = BooleanField(
        _l("Des données d’une sensibilité particulière sont en jeu"),
        description=_l(
            "Au sens de l’article 31 de la loi SREN du 21 mai 2024 : leur hébergement doit être SecNumCloud."
        ),
    )
    version = HiddenField(default="1")

    criterion_fields: tuple[str, ...] = ()
    COPIED: ClassVar[tuple[str, ...]] = (
        "organisation_id",
        "title",
        "description",
        "users_count",
        "deadline_on",
        "budget_range",
        "sensitive_data",
        "version",
    )

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
        """Arguments of the services, `organisation_id` and `version` apart."""
        return {
            "title": self.title.data or "",
            "description": self.description.data or "",
            "users_count": self.users_count.data,
            "deadline_on": self.deadline_on.data,
            "budget_range": self.budget_range.data or "",
            "sensitive_data": self.sensitive_data.data,
            "categories": [self[name].data for name in CATEGORY_FIELDS if self[name].data],
            "requirements": self.requirements(),
        }


def need_form(
    *,
    criteria: Sequence[Any],
    categories: Sequence[tuple[str, str]],
    organisations: Sequence[tuple[int, str]],
    initial: Mapping[str, Any] | None = None,
) -> NeedForm:
    """A `NeedForm` with its choices; `initial` holds the values of a need being edited."""
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
    form: NeedForm = kind(data=dict(initial or {}))
    form.organisation_id.choices = as_choices(organisations)
    for name in CATEGORY_FIELDS:
        form[name].choices = as_choices([("", _("Aucune")), *categories])
    return form
