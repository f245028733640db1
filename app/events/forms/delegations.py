"""What an organiser sets for a delegation."""

from wtforms import IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional

from app.core.i18n import lazy_gettext as _l
from app.events.hours import Period
from app.events.services import Terms
from app.web.conflicts import EditForm
from app.web.forms import number_or_none


class DelegationForm(EditForm):
    organisation = SelectField(_l("Organisation"), coerce=number_or_none, validators=[InputRequired()])
    min_meetings = IntegerField(
        _l("Nombre minimal de rendez-vous"),
        default=0,
        validators=[InputRequired(), NumberRange(min=0, max=96)],
    )
    max_meetings = IntegerField(
        _l("Nombre maximal de rendez-vous"),
        default=14,
        validators=[InputRequired(), NumberRange(min=0, max=96)],
    )
    table = IntegerField(
        _l("Table fixe"),
        description=_l("Numéro de la table où cette administration reste toute la journée."),
        validators=[Optional(), NumberRange(min=1, max=2000)],
    )

    def terms(self, absences: list[Period]) -> Terms:
        """What was typed, for the services; tables are shown from 1 and kept from 0."""
        table = self.table.data
        return Terms(
            max_meetings=self.max_meetings.data or 0,
            min_meetings=self.min_meetings.data or 0,
            table=None if table is None else table - 1,
            absences=tuple(absences),
        )
