"""What an organiser sets for a delegation, field by field: two organisers' changes merge."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from app.content.spec import Content, Number, Record
from app.core.i18n import lazy_gettext as _l
from app.events.hours import Period
from app.events.models import Delegation
from app.events.spec.fields import Spans


@dataclass(frozen=True, slots=True)
class Terms:
    """What an organiser sets for a delegation. `table` is 0-based; absences are instants."""

    max_meetings: int
    min_meetings: int = 0
    table: int | None = None
    absences: tuple[Period, ...] = ()

    @classmethod
    def of(cls, content: Content) -> "Terms":
        values = DELEGATION.load(content)
        table = values["table"]
        return cls(
            values["max_meetings"] or 0,
            values["min_meetings"] or 0,
            None if table is None else table - 1,
            tuple(Period(start.astimezone(UTC), end.astimezone(UTC)) for start, end in values["absences"]),
        )


def _read(delegation: Delegation) -> Mapping[str, Any]:
    zone = delegation.event.zone
    return {
        "min_meetings": delegation.min_meetings,
        "max_meetings": delegation.max_meetings,
        "table": None if delegation.table is None else delegation.table + 1,
        "absences": [
            (item.starts_at.astimezone(zone), item.ends_at.astimezone(zone)) for item in delegation.absences
        ],
    }


DELEGATION: Record[Delegation] = Record(
    fields=(
        Number("min_meetings", _l("Nombre minimal de rendez-vous")),
        Number("max_meetings", _l("Nombre maximal de rendez-vous")),
        Number("table", _l("Table fixe")),
        Spans("absences", _l("Indisponibilités")),
    ),
    read=_read,
)
