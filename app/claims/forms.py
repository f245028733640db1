"""The form of a claim."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import URL, InputRequired, Length, Optional

from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.web.forms import BaseForm, DateRange, as_choices


class ClaimForm(BaseForm):
    criterion_key = SelectField(_l("Critère"), validators=[InputRequired()])
    value = RadioField(
        _l("Votre réponse"),
        choices=lambda: {"yes": _("Oui, le critère est rempli"), "no": _("Non, il ne l’est pas")},
        default="yes",
    )
    statement = TextAreaField(
        _l("Ce que vous attestez"),
        description=_l("En clair : ce qui est vrai, pour quel service, dans quelles conditions."),
        validators=[InputRequired(), Length(max=5000)],
        render_kw={"rows": 4},
    )
    issuer = StringField(
        _l("Qui l’a établi"),
        description=_l("Par exemple : ANSSI, un organisme certificateur, vous-même."),
        validators=[Length(max=300)],
    )
    scope = StringField(
        _l("Périmètre"),
        description=_l("Le service, les sites ou la version concernés."),
        validators=[Length(max=300)],
    )
    valid_from = DateField(_l("Valable à partir du"), validators=[Optional()])
    valid_until = DateField(_l("Valable jusqu’au"), validators=[Optional(), DateRange("valid_from")])
    evidence_url = StringField(
        _l("Lien vers la preuve"),
        description=_l("Certificat, registre, dépôt de code, page contractuelle."),
        validators=[Optional(), URL(), Length(max=500)],
    )
    asks_verification = BooleanField(
        _l("Demander la vérification"),
        description=_l("Un modérateur compare l’attestation à la preuve. Certains besoins l’exigent."),
    )

    def answers(self) -> dict[str, Any]:
        """Arguments of `declare_claim`, its subject apart."""
        return {**self.values(), "value": self.value.data == "yes"}


class AnswerForm(BaseForm):
    answer = TextAreaField(
        _l("Votre réponse"),
        description=_l("Elle sera publiée à côté de la décision, et lue par un modérateur."),
        validators=[InputRequired(), Length(max=5000)],
        render_kw={"rows": 6},
    )
    evidence_url = StringField(
        _l("Lien vers une preuve nouvelle"),
        description=_l("Elle remplace la précédente."),
        validators=[Optional(), URL(), Length(max=500)],
    )


def claim_form(criteria: Sequence[Any]) -> ClaimForm:
    """The form with the criteria that may be claimed."""
    form = ClaimForm()
    form.criterion_key.choices = as_choices(
        [("", _("Choisissez un critère")), *((row.key, row.label) for row in criteria)]
    )
    return form
