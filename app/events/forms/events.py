"""The settings of an event."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from wtforms import (
    DateField,
    DateTimeLocalField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from app.content.forms import ContentForm, carried
from app.content.services import Seen
from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.events.hours import instant, zone_of
from app.events.spec import EVENT, MOST_ROOMS, MOST_TABLES, Settings, is_possible, local
from app.web.forms import as_choices

ZONES = (
    "Europe/Paris",
    "Europe/Brussels",
    "America/Cayenne",
    "America/Guadeloupe",
    "America/Martinique",
    "Indian/Mayotte",
    "Indian/Reunion",
    "Pacific/Noumea",
    "Pacific/Tahiti",
    "UTC",
)


def _zones() -> list[Any]:
    return as_choices((zone, zone) for zone in ZONES)


class EventForm(ContentForm):
    """`holders` are the organisations among which a new event's is chosen; an event keeps its own."""

    organisation_id = SelectField(_l("Organisation qui tient l’événement"), coerce=int)
    name = StringField(_l("Nom de l’événement"), validators=[InputRequired(), Length(max=300)])
    place = StringField(
        _l("Lieu"),
        description=_l("Par exemple : Centre Pierre-Mendès-France, 139 rue de Bercy, Paris."),
        validators=[InputRequired(), Length(max=300)],
    )
    held_on = DateField(
        _l("Date"),
        description=_l("Le premier jour, s’il y en a plusieurs : les autres suivent."),
        validators=[InputRequired()],
    )
    timezone = SelectField(
        _l("Fuseau horaire"), choices=_zones, default="Europe/Paris", validators=[InputRequired()]
    )
    tables = IntegerField(
        _l("Nombre de tables"),
        description=_l("Autant de rendez-vous peuvent avoir lieu en même temps."),
        validators=[InputRequired(), NumberRange(min=1, max=MOST_TABLES)],
    )
    rooms = IntegerField(
        _l("Nombre de salles"),
        description=_l("Pour les sessions menées par un ambassadeur."),
        default=0,
        validators=[InputRequired(), NumberRange(min=0, max=MOST_ROOMS)],
    )
    wishes_end = DateTimeLocalField(
        _l("Demandes de rencontre jusqu’au"),
        description=_l("À l’heure de l’événement. Sans date, jusqu’au dernier créneau."),
        validators=[Optional()],
    )
    description = TextAreaField(_l("Présentation"), validators=[Length(max=5000)])

    def __init__(self, *args: Any, holders: Sequence[tuple[int, str]] = (), **values: Any) -> None:
        super().__init__(*args, **values)
        self._only = holders[0][0] if len(holders) == 1 else None
        if len(holders) > 1:
            self.organisation_id.choices = as_choices(holders)
        else:
            del self.organisation_id

    def holder_id(self) -> int:
        """The organisation of a new event: the one chosen, or the only one there is."""
        return self._only or int(self.organisation_id.data)

    def validate_held_on(self, field: DateField) -> None:
        if not is_possible(field.data):
            raise ValidationError(_("Choisissez une date de ce siècle."))

    def validate_wishes_end(self, field: DateTimeLocalField) -> None:
        if field.data is not None:
            try:
                self._until(field.data)
            except RuleBroken as error:
                raise ValidationError(error.message or str(next(iter(error.fields.values())))) from error

    def answers(self) -> dict[str, Any]:
        """The content as Python values; an hour that does not exist, or no hour at all, is left as it was."""
        simple = ("name", "place", "held_on", "timezone", "tables", "rooms", "description")
        found = {name: self[name].data for name in simple}
        if not is_possible(found["held_on"]):
            del found["held_on"]
        if self.wishes_end.process_errors:
            return found
        try:
            return {**found, "wishes_until": self._until(self.wishes_end.data)}
        except RuleBroken:
            return found

    def _until(self, ends: datetime | None) -> datetime | None:
        zone = zone_of(self.timezone.data or "")
        return None if ends is None else local(instant(ends.date(), ends.time(), zone), zone)


def settings_of(values: Mapping[str, Any]) -> Settings:
    """The settings among the values of a content."""
    return Settings(
        name=values["name"] or "",
        place=values["place"] or "",
        tables=values["tables"] or 0,
        rooms=values["rooms"] or 0,
        timezone=values["timezone"],
        description=values["description"] or "",
        wishes_until=values.get("wishes_until"),
    )


def shown_values(seen: Seen) -> dict[str, Any]:
    """What the form shows of what its editor has seen."""
    values = EVENT.load(seen.content)
    ends = values["wishes_until"]
    return {
        **values,
        "wishes_end": None if ends is None else ends.replace(tzinfo=None),
        **carried(seen),
    }
