"""Forms for wishes, rules on pairs and sessions."""

from typing import Any

from wtforms import (
    BooleanField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.meetings.enums import PairRuleKind
from app.web.forms import BaseForm, Checkboxes, as_choices, number_or_none

NO_SLOT = ("", _l("N’importe quel créneau"))


def _rules() -> list[Any]:
    return as_choices(
        [
            (PairRuleKind.PINNED.value, _("Rencontre imposée")),
            (PairRuleKind.FORBIDDEN.value, _("Rencontre interdite")),
        ]
    )


class RuleForm(BaseForm):
    administration = SelectField(_l("Administration"), coerce=number_or_none, validators=[InputRequired()])
    vendor = SelectField(_l("Éditeur"), coerce=number_or_none, validators=[InputRequired()])
    kind = SelectField(_l("Règle"), choices=_rules, coerce=PairRuleKind, validators=[InputRequired()])
    slot = SelectField(_l("Créneau"), validators=[Optional()])
    reason = StringField(_l("Motif"), validators=[Length(max=300)])
    confirmed = BooleanField(_l("J’impose cette rencontre malgré le refus"))


class RequestForm(BaseForm):
    event = SelectField(_l("Événement"), validators=[InputRequired()])
    message = TextAreaField(
        _l("Votre message"),
        description=_l("Ce que vous souhaitez voir ou demander pendant le rendez-vous."),
        validators=[Length(max=2000)],
        render_kw={"rows": 4},
    )


class AnswerForm(BaseForm):
    message = StringField(_l("Votre réponse, en un mot"), validators=[Length(max=500)])


class SessionForm(BaseForm):
    host = SelectField(_l("Administration qui mène la session"), coerce=int, validators=[InputRequired()])
    theme = StringField(_l("Thème"), validators=[InputRequired(), Length(max=300)])
    description = TextAreaField(_l("Présentation"), validators=[Length(max=3000)], render_kw={"rows": 4})
    slot = SelectField(_l("Créneau"), coerce=int, validators=[InputRequired()])
    room = SelectField(_l("Salle"), coerce=int, validators=[InputRequired()])
    capacity = IntegerField(
        _l("Nombre de places pour les éditeurs"),
        default=8,
        validators=[InputRequired(), NumberRange(min=1, max=500)],
    )
    vendors = Checkboxes(_l("Éditeurs invités"), coerce=int, validators=[Optional()])
