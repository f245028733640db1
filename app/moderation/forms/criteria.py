"""The form of a criterion."""

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import DateField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.reference.enums import CriterionSubject, VerificationPolicy
from app.web.conflicts import EditForm
from app.web.forms import Checkboxes, as_choices

POLICIES: Mapping[str, Any] = {
    VerificationPolicy.REGISTRY: _l("Un registre public, ligne à ligne"),
    VerificationPolicy.DOCUMENT: _l("Un document : certificat, contrat, dépôt de code"),
    VerificationPolicy.DECLARATION: _l("La déclaration du fournisseur, faute de preuve possible"),
}
SUBJECTS: Mapping[str, Any] = {
    CriterionSubject.OFFER: _l("Chaque offre, une à une"),
    CriterionSubject.ORGANISATION: _l("L’entreprise, pour toutes ses offres"),
}


class CriterionForm(EditForm):
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
        _l("Rang dans les listes"), validators=[InputRequired(), NumberRange(min=0, max=9999)]
    )

    def answers(self) -> dict[str, Any]:
        """Arguments of the services, `version` apart."""
        given = {name: value for name, value in self.values().items() if name != "version"}
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

    def answers(self) -> dict[str, Any]:
        given = super().answers()
        return {**given, "subject": CriterionSubject(given["subject"])}


def criterion_form(found: Any = None, *, others: Iterable[Any], **options: Any) -> CriterionForm:
    """The form of a criterion being edited, or of a new one; `others` may imply it."""
    form = CriterionForm(obj=found, **options) if found is not None else NewCriterionForm(**options)
    policies = as_choices([("", _("Choisir")), *POLICIES.items()])
    form.verification_policy.choices = policies
    form.implied_by.choices = as_choices((row.key, row.label) for row in others)
    if isinstance(form, NewCriterionForm):
        form.subject.choices = as_choices([("", _("Choisir")), *SUBJECTS.items()])
    return form
