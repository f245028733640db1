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

from app.claims.enums import Visibility
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.reference.enums import AttributeType
from app.web.forms import BaseForm, Checkboxes, DateRange, Upload, as_choices, asked


class EvidenceFields(BaseForm):
    """What establishes a claim: a document, an address, both or neither, and who may open them."""

    evidence_file = Upload(
        _l("Document"),
        description=_l("PDF ou image (PNG, JPEG, WebP) : certificat, extrait de contrat, copie d’écran."),
        render_kw={"accept": ".pdf,.png,.jpg,.jpeg,.webp"},
    )
    evidence_url = StringField(
        _l("Ou adresse de la preuve"),
        description=_l("Commence par https:// : registre, dépôt de code, page contractuelle."),
        validators=[Optional(), URL(), Length(max=500)],
    )
    evidence_title = StringField(
        _l("Titre de la preuve"),
        description=_l(
            "Par exemple : certificat n° 1234, édition 2026. À défaut, le nom du fichier ou l’adresse."
        ),
        validators=[Length(max=300)],
    )
    visibility = RadioField(
        _l("Qui peut l’ouvrir"),
        choices=lambda: as_choices((item.value, item.label) for item in Visibility),
        default=Visibility.RESTRICTED.value,
    )

    def given(self) -> dict[str, Any]:
        """The answers, the document apart: it is received by itself."""
        values = self.values()
        values.pop("evidence_file")
        return {**values, "visibility": Visibility(values["visibility"])}


class EvidenceForm(EvidenceFields):
    """One piece, for a claim that is already there."""


class ClaimForm(EvidenceFields):
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
    asks_verification = BooleanField(
        _l("Demander la vérification"),
        description=_l(
            "Un modérateur compare l’attestation à sa preuve, qu’il faut joindre. Certains besoins l’exigent."
        ),
    )

    def answers(self) -> dict[str, Any]:
        """Arguments of `declare_claim`, its subject apart."""
        given = self.given()
        return {**given, "value": _ANSWERS.get(given["value"], given["value"])}


class AnswerForm(EvidenceFields):
    answer = TextAreaField(
        _l("Votre réponse"),
        description=_l("Elle sera publiée à côté de la décision, et lue par un modérateur."),
        validators=[InputRequired(), Length(max=5000)],
        render_kw={"rows": 6},
    )


class ContestForm(EvidenceFields):
    reason = TextAreaField(
        _l("Ce qui est faux"),
        description=_l("Lu par la modération et par le fournisseur. Votre nom n’est jamais publié."),
        validators=[InputRequired(), Length(max=5000)],
        render_kw={"rows": 6},
    )


class ContestAnswerForm(BaseForm):
    answer = TextAreaField(
        _l("Votre réponse"),
        description=_l("Elle sera publiée à côté de la décision, et lue par un modérateur."),
        validators=[InputRequired(), Length(max=5000)],
        render_kw={"rows": 6},
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
