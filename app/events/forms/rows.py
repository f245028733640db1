"""Lines of a table of hours: each a local day, a start and an end; a line left empty is ignored."""

from collections.abc import Iterable
from datetime import time
from typing import Any, Self
from zoneinfo import ZoneInfo

from wtforms import BooleanField, DateField, Form, HiddenField, IntegerField, TimeField
from wtforms.validators import NumberRange, Optional

from app.core.clock import today
from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.events.hours import Period, is_second_pass, period, repeats_an_hour
from app.events.spec import is_possible
from app.web.form_messages import Messages
from app.web.forms import attach_errors


class TimeRow(Form):
    """`later` is shown only where clocks go back that day: the hour typed is then its second pass."""

    class Meta:
        def get_translations(self, form: Form) -> Messages:
            return Messages()

    day = DateField(_l("Jour"), validators=[Optional()])
    starts = TimeField(_l("Début"), validators=[Optional()])
    ends = TimeField(_l("Fin"), validators=[Optional()])
    later = BooleanField(_l("Seconde fois, à l’heure d’hiver"))
    remove = BooleanField(_l("Supprimer"))

    @classmethod
    def typed(cls, formdata: Any, prefix: str) -> list[Self]:
        """The lines of a page sent back, in order."""
        number = 0
        while f"{prefix}{number}-starts" in formdata:
            number += 1
        return [cls(formdata, prefix=f"{prefix}{place}-") for place in range(number)]

    @staticmethod
    def shown(span: Period, zone: ZoneInfo) -> dict[str, Any]:
        """The period as its line shows it."""
        start, end = span.starts_at.astimezone(zone), span.ends_at.astimezone(zone)
        return {
            "day": start.date(),
            "starts": start.time(),
            "ends": end.time(),
            "later": is_second_pass(span.starts_at, zone),
        }

    def repeats(self, zone: ZoneInfo) -> bool:
        return self.day.data is not None and repeats_an_hour(self.day.data, zone)

    def is_empty(self) -> bool:
        return bool(self.remove.data) or not any((field.raw_data or [""])[0] for field in self.needed())

    def needed(self) -> Iterable[Any]:
        """Fields that tell an empty line from one to be read."""
        return self.starts, self.ends

    def period(self, zone: ZoneInfo) -> Period:
        """The time the line tells; its day has been checked."""
        day, starts, ends = self.day.data or today(), self.starts.data or time(), self.ends.data or time()
        return period(day, starts, ends, zone, later=bool(self.later.data))


class SlotRow(TimeRow):
    slot_id = HiddenField()
    tables = IntegerField(_l("Tables"), validators=[Optional(), NumberRange(min=0, max=2000)])

    def known_id(self) -> int | None:
        text = self.slot_id.data or ""
        return int(text) if text.isdecimal() and len(text) < 10 else None


class AbsenceRow(TimeRow):
    """Without hours, the whole day."""

    def needed(self) -> Iterable[Any]:
        return (self.day,)


def rows_hold(form: Any, rows: Iterable[TimeRow], label: str, *, hours: bool) -> bool:
    """Whether every line can be read; what cannot is said on the form, with the number of its line."""
    for number, row in enumerate(rows, start=1):
        if row.is_empty():
            continue
        row.validate()
        asked = (row.day, row.starts, row.ends) if hours else (row.day,)
        for field in asked:
            if field.data is None and not field.errors:
                field.errors = [_("Indiquez un jour.") if field is row.day else _("Indiquez une heure.")]
        if not is_possible(row.day.data):
            row.day.errors = [*row.day.errors, _("Choisissez une date de ce siècle.")]
        texts = [str(text) for found in row.errors.values() for text in found]
        if texts:
            attach_errors(form, {f"line {number}": f"{label % {'n': number}} {' '.join(texts)}"})
    return not form.errors


def periods(form: Any, rows: Iterable[TimeRow], zone: ZoneInfo, label: str) -> list[Period]:
    """The period of each line; an hour that does not exist that day is said on the form."""
    found = []
    for number, row in enumerate(rows, start=1):
        if row.is_empty():
            continue
        try:
            found.append(row.period(zone))
        except RuleBroken as error:
            attach_errors(form, {f"line {number}": f"{label % {'n': number}} {error.message}"})
    return found
