"""What an organiser sets for a delegation."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional

from app.content.forms import ContentForm
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.events.forms.rows import AbsenceRow, periods, rows_hold
from app.events.hours import Period, merged
from app.web.forms import number_or_none


class DelegationForm(ContentForm):
    """`rows`: a line for each absence, in the `zone` of the event."""

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

    def __init__(self, *args: Any, rows: Sequence[AbsenceRow] = (), zone: ZoneInfo, **values: Any) -> None:
        super().__init__(*args, **values)
        self.rows, self.zone, self.spans = rows, zone, list[Period]()

    def rows_hold(self) -> bool:
        """Whether every line can be read; what cannot is said at the top, with the number of its line."""
        label = _("Indisponibilité %(n)d :")
        if not rows_hold(self, self.rows, label, hours=False):
            return False
        self.spans = periods(self, self.rows, self.zone, label)
        return not self.errors

    def answers(self) -> dict[str, Any]:
        """The terms as Python values, once the lines `rows_hold`."""
        absences = [
            (span.starts_at.astimezone(self.zone), span.ends_at.astimezone(self.zone))
            for span in merged(self.spans)
        ]
        simple = ("min_meetings", "max_meetings", "table")
        return {**{name: self[name].data for name in simple}, "absences": absences}
