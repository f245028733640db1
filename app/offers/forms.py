"""The form of an offer."""

from collections.abc import Sequence
from typing import Any

from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import URL, InputRequired, Length, NumberRange, Optional

from app.content.forms import ContentForm, carried
from app.content.services import Seen
from app.core.i18n import LANGUAGES
from app.core.i18n import lazy_gettext as _l
from app.offers.spec import LONGEST_LEAD_TIME_DAYS, OFFER
from app.reference.forms import CategoriesField
from app.web.forms import as_choices

Choices = Sequence[tuple[Any, str]]


class OfferForm(ContentForm):
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
    hosting = TextAreaField(
        _l("Hébergement"),
        description=_l("Qui héberge, où, sous quelle qualification. Rien si l’acheteur héberge lui-même."),
        validators=[Length(max=2000)],
        render_kw={"rows": 3},
    )
    subcontractors = TextAreaField(
        _l("Sous-traitants"),
        description=_l("Ceux qui accèdent aux données ou dont le service dépend, et leur pays."),
        validators=[Length(max=2000)],
        render_kw={"rows": 3},
    )
    categories = CategoriesField()
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
        validators=[Optional(), NumberRange(min=0, max=LONGEST_LEAD_TIME_DAYS)],
    )

    def answers(self) -> dict[str, Any]:
        """The fields of the content that the form asks for, as Python values."""
        asked = [field.name for field in OFFER.fields if field.name in self and field.name != "categories"]
        given = self.values()
        return {"categories": self.categories.codes(), **{name: given[name] for name in asked}}


def offer_form(
    *, categories: Choices, organisations: Choices, seen: Seen | None = None, **options: Any
) -> OfferForm:
    """The form with its choices, filled with what its editor has `seen`."""
    initial = {**OFFER.load(seen.content), **carried(seen)} if seen is not None else {}
    form = OfferForm(data=initial, **options)
    form.organisation_id.choices = as_choices(organisations)
    form.categories.offer(categories)
    return form
