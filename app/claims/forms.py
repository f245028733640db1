"""The form of a claim."""

from collections.abc import Sequence
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import URL, InputRequired, Length, Optional

from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.reference.enums import AttributeType
from app.web.forms import BaseForm, Checkboxes, DateRange, as_choices, asked


class ClaimForm(BaseForm):
    """Without its answer: `claim_form` adds the one that the attribute's type takes."""

    attribute_key = HiddenField()
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
        given = self.values()
        return {**given, "value": _ANSWERS.get(given["value"], given["value"])}


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


class AttributeForm(BaseForm):
    """Which criterion to answer: only asks, so that its address can be shared."""

    class Meta(BaseForm.Meta):
        csrf = False

    attribut = SelectField(_l("Critère"), validators=[InputRequired()])


_ANSWERS = {"yes": True, "no": False}


def attribute_form(attributes: Sequence[Any], chosen: str = "") -> AttributeForm:
    """The choice of what to claim."""
    form = AttributeForm(formdata=None, data={"attribut": chosen})
    form.attribut.choices = as_choices(
        [("", _("Choisissez un critère")), *((row.key, row.label) for row in attributes)]
    )
    return form


def claim_form(attribute: Any) -> ClaimForm:
    """The form of a claim about this attribute."""
    kind: type[ClaimForm] = type("ClaimFormOfType", (ClaimForm,), {"value": _value_field(attribute)})
    form = kind(data={"attribute_key": attribute.key, "value": "yes"} if _is_yes_no(attribute) else None)
    form.attribute_key.data = attribute.key
    return form


def _is_yes_no(attribute: Any) -> bool:
    return attribute.type is AttributeType.YES_NO


def _value_field(attribute: Any) -> Any:
    label, required = attribute.label, [InputRequired()]
    options = [(one, one) for one in attribute.options]
    match attribute.type:
        case AttributeType.NUMBER:
            unit = _("En %(unit)s.", unit=attribute.unit) if attribute.unit else ""
            return StringField(
                label, description=unit, validators=required, render_kw={"inputmode": "decimal"}
            )
        case AttributeType.DATE:
            return DateField(label, validators=required)
        case AttributeType.CHOICE:
            return SelectField(label, choices=asked(options), validators=required)
        case AttributeType.CHOICES:
            return Checkboxes(label, choices=as_choices(options), validators=required)
    answers = [("yes", _("Oui, le critère est rempli")), ("no", _("Non, il ne l’est pas"))]
    return RadioField(_("Votre réponse"), choices=as_choices(answers), validators=required)
