"""The form of a criterion."""

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import BooleanField, DateField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.content.forms import ContentForm, carried
from app.content.services import Seen
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.reference.enums import AttributeType, CriterionOperator, CriterionSubject, VerificationPolicy
from app.reference.services import CRITERION, POLICIES
from app.reference.services.criteria import LAST_POSITION
from app.web.forms import Checkboxes, CommaList, as_choices

SUBJECTS: Mapping[str, Any] = {
    CriterionSubject.OFFER: _l("Chaque offre, une à une"),
    CriterionSubject.ORGANISATION: _l("L’entreprise, pour toutes ses offres"),
}


class CriterionForm(ContentForm):
    label_fr = StringField(_l("Nom en français"), validators=[InputRequired(), Length(max=300)])
    label_en = StringField(_l("Nom en anglais"), validators=[InputRequired(), Length(max=300)])
    verification_policy = SelectField(
        _l("Ce qui vaut vérification"),
        validators=[InputRequired(message=_l("Dites ce qu’un modérateur consultera."))],
    )
    question_fr = TextAreaField(
        _l("Question posée au fournisseur, en français"),
        description=_l("Elle appelle oui ou non : c’est la réponse que les besoins exigent."),
        render_kw={"rows": 2},
    )
    question_en = TextAreaField(_l("La même en anglais"), render_kw={"rows": 2})
    description_fr = TextAreaField(
        _l("Ce que le critère veut dire, en français"),
        description=_l("Les acheteurs lisent ce texte sous le critère, quand ils expriment un besoin."),
        render_kw={"rows": 3},
    )
    description_en = TextAreaField(_l("La même explication en anglais"), render_kw={"rows": 3})
    implied_by = Checkboxes(
        _l("Critères plus exigeants qui l’impliquent"),
        description=_l("Une offre qui remplit l’un d’eux remplit aussi celui-ci."),
    )
    legal_basis = TextAreaField(
        _l("Base légale"), description=_l("Loi, règlement, article."), render_kw={"rows": 2}
    )
    source = StringField(
        _l("Source"), description=_l("Où ce texte a été lu : une adresse, une référence au Journal officiel.")
    )
    source_on = DateField(_l("Source consultée le"), validators=[Optional()])
    position = IntegerField(
        _l("Rang dans les listes"), validators=[InputRequired(), NumberRange(min=0, max=LAST_POSITION)]
    )

    def answers(self) -> dict[str, Any]:
        given = {name: value for name, value in self.values().items() if name not in {"revision", "original"}}
        given["verification_policy"] = VerificationPolicy(given["verification_policy"])
        return given


class NewCriterionForm(CriterionForm):
    """What is set once: claims, needs and imported files rely on them."""

    key = StringField(
        _l("Clé"),
        description=_l("Elle nomme le critère dans les fichiers, pour toujours : par exemple eu_hosting."),
        validators=[InputRequired(), Length(max=40)],
    )
    subject = SelectField(
        _l("Ce qu’il qualifie"), validators=[InputRequired(message=_l("Dites ce que le critère qualifie."))]
    )

    attribute_key = SelectField(_l("Ce que le critère mesure"), default="")
    type = SelectField(
        _l("Type de réponse"),
        default=AttributeType.YES_NO.value,
        description=_l("D’un attribut nouveau ; un attribut connu garde le sien."),
    )
    unit = StringField(
        _l("Unité"), description=_l("D’un nombre : jours, %, agents…"), validators=[Length(max=40)]
    )
    options = CommaList(_l("Choix possibles"), description=_l("Pour une liste, séparés par des virgules."))
    left_to_buyer = BooleanField(
        _l("Dépend de l’hébergeur"),
        description=_l(
            "Sans objet pour un logiciel libre, installé chez l’hébergeur que l’acheteur choisit."
        ),
    )
    operator = SelectField(_l("La réponse…"), default=CriterionOperator.IS.value)
    operand = StringField(
        _l("Valeur exigée"),
        description=_l("Un nombre, une date (2027-01-31), un ou plusieurs choix ; rien pour un oui ou non."),
        validators=[Length(max=500)],
    )

    def answers(self) -> dict[str, Any]:
        given = super().answers()
        measured = {name: given.pop(name) for name in MEASURED}
        measured["type"] = AttributeType(measured["type"] or AttributeType.YES_NO)
        measured["operator"] = CriterionOperator(measured["operator"] or CriterionOperator.IS)
        if not measured["operand"]:
            measured["operand"] = True
        return {**given, "subject": CriterionSubject(given["subject"]), "measured": measured}


MEASURED = ("attribute_key", "type", "unit", "options", "left_to_buyer", "operator", "operand")


def criterion_form(
    seen: Seen | None = None, *, others: Iterable[Any], attributes: Iterable[Any] = (), **options: Any
) -> CriterionForm:
    """The form of a criterion as its editor has `seen` it, or of a new one, about one of `attributes` or a
    new one; `others` may imply it."""
    if seen is None:
        form: CriterionForm = NewCriterionForm(**options)
    else:
        form = CriterionForm(data={**CRITERION.load(seen.content), **carried(seen)}, **options)
    policies = as_choices([("", _("Choisir")), *POLICIES.items()])
    form.verification_policy.choices = policies
    form.implied_by.choices = as_choices((row.key, row.label) for row in others)
    if isinstance(form, NewCriterionForm):
        form.subject.choices = as_choices([("", _("Choisir")), *SUBJECTS.items()])
        known = [(row.key, f"{row.label} ({row.type.label})") for row in attributes]
        form.attribute_key.choices = as_choices([("", _("Un attribut nouveau, du nom du critère")), *known])
        form.type.choices = as_choices((one.value, one.label) for one in AttributeType)
        form.operator.choices = as_choices((one.value, one.label) for one in CriterionOperator)
    return form
