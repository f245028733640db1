"""The form of an offer."""

from collections.abc import Sequence
from typing import Any

from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import URL, InputRequired, Length, NumberRange, Optional

from app.core.i18n import LANGUAGES
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.web.conflicts import EditForm
from app.web.forms import as_choices

CATEGORY_FIELDS = ("category_1", "category_2", "category_3")
Choices = Sequence[tuple[Any, str]]


class OfferForm(EditForm):
    organisation_id = SelectField(_l("Entreprise"), coerce=int)
    name = StringField(_l("Nom de l’offre"), validators=[InputRequired(), Length(max=300)])
    summary = StringField(
        _l("En une phrase"),
        description=_l("Ce que fait l’offre, pour qui. C’est la première chose qu’un acheteur lit."),
        validators=[Length(max=500)],
    )
    description = TextAreaField(
        _l("Description"),
        description=_l(
            "Fonctions, usages, intégration, hébergement, accompagnement. Les besoins des administrations "
            "sont rapprochés du sens de ce texte : écrivez-le comme vous parleriez à un acheteur."
        ),
        validators=[Length(max=20000)],
        render_kw={"rows": 10},
    )
    category_1 = SelectField(_l("Catégorie d’achat (CPV)"))
    category_2 = SelectField(_l("Deuxième catégorie"))
    category_3 = SelectField(_l("Troisième catégorie"))
    language = SelectField(_l("Langue de la description"), choices=dict(LANGUAGES), default="fr")
    licence = StringField(
        _l("Licence, si le code est libre"),
        description=_l("Identifiant SPDX, par exemple AGPL-3.0-only, EUPL-1.2 ou « MIT OR Apache-2.0 »."),
        validators=[Length(max=120)],
    )
    website = StringField(_l("Page de l’offre"), validators=[Optional(), URL(), Length(max=500)])
    price_note = StringField(
        _l("Prix"),
        description=_l("Par exemple : « 4 € HT par agent et par mois, dégressif dès 1 000 agents »."),
        validators=[Length(max=500)],
    )
    lead_time_days = IntegerField(
        _l("Délai de mise en service, en jours"),
        description=_l("De la commande au premier agent connecté."),
        validators=[Optional(), NumberRange(min=0, max=3650)],
    )

    def answers(self) -> dict[str, Any]:
        """Arguments of the services, `organisation_id` and `version` apart."""
        given = self.values()
        codes = [given.pop(name) for name in CATEGORY_FIELDS]
        return {
            "categories": list(dict.fromkeys(code for code in codes if code)),
            **{name: value for name, value in given.items() if name not in {"organisation_id", "version"}},
        }


def offer_form(
    offer: Any = None, *, categories: Choices, organisations: Choices, **options: Any
) -> OfferForm:
    """The form with its choices, filled with an offer being edited."""
    initial: dict[str, Any] = {}
    if offer is not None:
        codes = [category.code for category in offer.categories]
        initial = dict(zip(CATEGORY_FIELDS, codes, strict=False))
        known = {code for code, _label in categories}
        added = [(row.code, row.label) for row in offer.categories if row.code not in known]
        categories = [*categories, *added]
    form = OfferForm(obj=offer, data=initial, **options)
    form.organisation_id.choices = as_choices(organisations)
    for name in CATEGORY_FIELDS:
        form[name].choices = as_choices([("", _("Aucune")), *categories])
    return form
