"""The slots of an event: those of a day made at once, or its whole programme line by line."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask import request
from wtforms import DateField, HiddenField, IntegerField, TimeField
from wtforms.validators import InputRequired, NumberRange, ValidationError

from app.content.forms import ContentForm
from app.content.services import Seen
from app.content.spec import Content, Record
from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.events.forms.rows import SlotRow, periods, rows_hold
from app.events.hours import zone_of
from app.events.spec import EVENT, Line, is_possible, lines_of
from app.web.forms import BaseForm, attach_errors

PREFIX = "slot"
PROGRAMME = "programme"


class DayForm(ContentForm):
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

    def validate_held_on(self, field: DateField) -> None:
        if not is_possible(field.data):
            raise ValidationError(_("Choisissez une date de ce siècle."))

    def answers(self) -> dict[str, Any]:
        """Nothing by itself: a day is written over those there are (`services.with_day`)."""
        return {}


class SlotsForm(ContentForm):
    """`rows`: a line for each slot. `part` tells this form from the others that write the same event."""

    part = HiddenField(default=PROGRAMME)

    def __init__(self, *args: Any, rows: Sequence[SlotRow], read: Content, **values: Any) -> None:
        super().__init__(*args, **values)
        self.rows = rows
        self._count_from(read)

    def seen(self, spec: Record[Any], thing: Any) -> Seen:
        """Days and hours were typed beside what was read then."""
        found = super().seen(spec, thing)
        self._count_from(found.content)
        return found

    def rows_hold(self) -> bool:
        """Whether every line can be read; what cannot is said at the top, with the number of its line."""
        return self._programme(self, _("Créneau %(n)d :")) is not None

    def answers(self) -> dict[str, Any]:
        """The programme; nothing where a line cannot be read: it stays as it was."""
        return self._programme(ContentForm(formdata=None), "%(n)d") or {}

    def _programme(self, told: BaseForm, label: str) -> dict[str, Any] | None:
        if not rows_hold(told, self.rows, label, hours=True):
            return None
        kept = [row for row in self.rows if not row.is_empty()]
        spans = periods(told, self.rows, self.zone, label)
        if told.errors:
            return None
        found = [(span, row.tables.data, row.known_id()) for row, span in zip(kept, spans, strict=True)]
        try:
            first, lines = lines_of(found, self.zone, self._first)
        except RuleBroken as error:
            attach_errors(told, error.fields, error.message)
            return None
        return {"held_on": first, "slots": lines}

    def _count_from(self, content: Content) -> None:
        values = EVENT.load(content)
        self.zone = zone_of(values["timezone"])
        self._first: date | None = values["held_on"] if values["slots"] else None


def slots_form(content: Content, *, sent: bool, **values: Any) -> SlotsForm:
    """The form of the programme: as it was `sent`, or as the content says it, with a line to add one."""
    rows = SlotRow.typed(request.form, PREFIX) if sent else _rows(content)
    options = {} if sent else {"formdata": None}
    return SlotsForm(rows=rows, read=content, **options, **values)


def _rows(content: Content) -> list[SlotRow]:
    values = EVENT.load(content)
    first: date | None = values["held_on"]
    lines: Sequence[Line] = values["slots"]
    days = [None if first is None else first + timedelta(days=line.day) for line in lines]
    known = [
        SlotRow(
            prefix=f"{PREFIX}{place}-",
            data={
                "day": day,
                "starts": line.starts,
                "ends": line.ends,
                "later": line.later,
                "slot_id": "" if line.id is None else str(line.id),
                "tables": line.tables,
            },
        )
        for place, (line, day) in enumerate(zip(lines, days, strict=True))
    ]
    return [*known, SlotRow(prefix=f"{PREFIX}{len(known)}-", data={"day": days[-1] if days else first})]
