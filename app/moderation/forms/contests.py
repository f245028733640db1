"""The form of a decision about a contest."""

from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from app.core.i18n import lazy_gettext as _l
from app.moderation.enums import ContestVerdict
from app.web.forms import BaseForm, as_choices

_LABELS = {
    ContestVerdict.UPHELD: _l("Fondée : l’attestation sera contredite"),
    ContestVerdict.DISMISSED: _l("Écartée : l’attestation tient"),
}


class ContestDecisionForm(BaseForm):
    verdict = RadioField(
        _l("Votre décision"),
        choices=lambda: as_choices(_LABELS.items()),
        validators=[InputRequired()],
    )
    reason = TextAreaField(
        _l("Raison"),
        description=_l("Publique, et envoyée aux deux parties. Ne nommez personne."),
        validators=[DataRequired(), Length(max=2000)],
    )
    found = StringField(
        _l("Ce que la preuve établit"),
        description=_l("Si la contestation est fondée : la valeur établie. Inutile pour un oui ou un non."),
        validators=[Length(max=300)],
    )
