"""Forms of the agenda. Choices that depend on the event are given by the views."""

from app.agenda.forms.days import LateForm, LostTablesForm, NewcomerForm, NoShowForm
from app.agenda.forms.events import (
    NO_SLOT,
    AnswerForm,
    DayForm,
    DelegationForm,
    EventForm,
    RequestForm,
    RuleForm,
    SessionForm,
    SlotRow,
    SlotsForm,
)
from app.agenda.forms.runs import RepairForm, RunForm

__all__ = [
    "NO_SLOT",
    "AnswerForm",
    "DayForm",
    "DelegationForm",
    "EventForm",
    "LateForm",
    "LostTablesForm",
    "NewcomerForm",
    "NoShowForm",
    "RepairForm",
    "RequestForm",
    "RuleForm",
    "RunForm",
    "SessionForm",
    "SlotRow",
    "SlotsForm",
]
