"""Forms for preparing an event: settings, programme, delegations; `rows` are lines of hours."""

from app.events.forms.delegations import DelegationForm
from app.events.forms.events import EventForm, settings_of, shown_values
from app.events.forms.programme import PROGRAMME, DayForm, SlotsForm, slots_form
from app.events.forms.rows import AbsenceRow, SlotRow, TimeRow, periods, rows_hold

__all__ = [
    "PROGRAMME",
    "AbsenceRow",
    "DayForm",
    "DelegationForm",
    "EventForm",
    "SlotRow",
    "SlotsForm",
    "TimeRow",
    "periods",
    "rows_hold",
    "settings_of",
    "shown_values",
    "slots_form",
]
