"""The slots of an event."""

from typing import Any

from wtforms import DateField, IntegerField, TimeField
from wtforms.validators import InputRequired, NumberRange

from app.core.i18n import lazy_gettext as _l
from app.events.forms.events import HoursForm
from app.web.conflicts import EditForm


class DayForm(HoursForm, EditForm):
    """Slots of equal length, made at once for one day."""

    held_on = DateField(_l("Jour"), validators=[InputRequired()])
    first_at = TimeField(_l("Début du premier créneau"), validators=[InputRequired()])
    length_min = IntegerField(
        _l("Durée d’un créneau, en minutes"),
        default=20,
        validators=[InputRequired(), NumberRange(min=5, max=480)],
    )
    count = IntegerField(
        _l("Nombre de créneaux"), default=14, validators=[InputRequired(), NumberRange(min=1, max=96)]
    )
    pause_min = IntegerField(
        _l("Pause entre deux créneaux, en minutes"),
        default=5,
        validators=[InputRequired(), NumberRange(min=0, max=240)],
    )

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        for field in self:  # this form shares its page with another one, which asks for the same things
            field.id = field.label.field_id = f"day-{field.id}"


class SlotsForm(HoursForm, EditForm):
    """Carries the event's revision as `version`; the lines are `SlotRow` forms of their own."""
