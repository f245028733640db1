"""Forms for what happens on the day; the slots offered are those to come."""

from wtforms import IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange

from app.core.i18n import lazy_gettext as _l
from app.web.forms import BaseForm, number_or_none


class NoShowForm(BaseForm):
    delegation = SelectField(_l("Délégation absente"), coerce=number_or_none, validators=[InputRequired()])
    slot = SelectField(_l("À partir du créneau de"), coerce=int, validators=[InputRequired()])


class LateForm(BaseForm):
    delegation = SelectField(_l("Délégation en retard"), coerce=number_or_none, validators=[InputRequired()])
    until = SelectField(_l("Elle sera là au créneau de"), coerce=int, validators=[InputRequired()])


class LostTablesForm(BaseForm):
    tables = IntegerField(
        _l("Nombre de tables perdues"),
        description=_l("Celles qui portent les plus grands numéros."),
        default=1,
        validators=[InputRequired(), NumberRange(min=1, max=2000)],
    )
    slot = SelectField(_l("À partir du créneau de"), coerce=int, validators=[InputRequired()])


class NewcomerForm(BaseForm):
    organisation = SelectField(
        _l("Organisation qui arrive"), coerce=number_or_none, validators=[InputRequired()]
    )
    min_meetings = IntegerField(
        _l("Nombre minimal de rendez-vous"),
        default=1,
        validators=[InputRequired(), NumberRange(min=0, max=96)],
    )
    max_meetings = IntegerField(
        _l("Nombre maximal de rendez-vous"),
        default=8,
        validators=[InputRequired(), NumberRange(min=0, max=96)],
    )


class RepairForm(BaseForm):
    price = IntegerField(
        _l("Prix d’un rendez-vous déplacé ou retiré, en points"),
        description=_l(
            "Un changement n’est proposé que s’il rapporte plus. Une rencontre voulue des deux côtés vaut "
            "au moins 125 points."
        ),
        default=30,
        validators=[InputRequired(), NumberRange(min=0, max=10000)],
    )
    cap = IntegerField(
        _l("Changements au plus par participant"),
        description=_l("Rendez-vous déplacés, ou retirés alors qu’ils pouvaient avoir lieu."),
        default=2,
        validators=[InputRequired(), NumberRange(min=0, max=96)],
    )
    time_limit_s = IntegerField(
        _l("Temps de calcul maximal, en secondes"),
        default=10,
        validators=[InputRequired(), NumberRange(min=1, max=600)],
    )
