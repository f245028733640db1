"""The settings of an event."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.content.forms import ContentForm, carried
from app.content.services import Seen
from app.core.i18n import lazy_gettext as _l
from app.events.hours import instant, zone_of
from app.events.spec import EVENT, MOST_ROOMS, MOST_TABLES, Settings, local
from app.web.forms import BaseForm, as_choices

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


class HoursForm(BaseForm):
    """Changes hours that a published schedule may follow: then, and only then, it asks to confirm."""

    confirmed = BooleanField(
        _l("Je confirme le changement des rendez-vous publiés"),
        description=_l("Chaque délégation concernée recevra l’ancien et le nouveau côte à côte."),
    )

    def __init__(self, *args: Any, published: bool = False, **values: Any) -> None:
        super().__init__(*args, **values)
        if published:
            self._fields["confirmed"] = self._fields.pop("confirmed")  # the last to be read
        else:
            del self.confirmed

    def is_confirmed(self) -> bool:
        return bool("confirmed" in self and self["confirmed"].data)


class EventForm(HoursForm, ContentForm):
    """`holders` are the organisations among which a new event's is chosen; an event keeps its own. `public`:
    what is saved makes a version, and its author may say why."""

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
    note = StringField(
        _l("Pourquoi ce changement ?"),
        description=_l("Ce mot est public : il accompagne la version dans l’historique."),
        validators=[Length(max=1000)],
    )

    def __init__(
        self, *args: Any, holders: Sequence[tuple[int, str]] = (), public: bool = False, **values: Any
    ) -> None:
        super().__init__(*args, **values)
        if not public:
            del self.note
        self._only = holders[0][0] if len(holders) == 1 else None
        if len(holders) > 1:
            self.organisation_id.choices = as_choices(holders)
        else:
            del self.organisation_id

    def holder_id(self) -> int:
        """The organisation of a new event: the one chosen, or the only one there is."""
        return self._only or int(self.organisation_id.data)

    def answers(self) -> dict[str, Any]:
        """The content as Python values. Raises RuleBroken for an hour that does not exist."""
        ends: datetime | None = self.wishes_end.data
        zone = zone_of(self.timezone.data)
        simple = ("name", "place", "held_on", "timezone", "tables", "rooms", "description")
        until = None if ends is None else instant(ends.date(), ends.time(), zone)
        return {**{name: self[name].data for name in simple}, "wishes_until": local(until, zone)}

    def why(self) -> str:
        return (self["note"].data or "") if "note" in self else ""


def settings_of(values: Mapping[str, Any]) -> Settings:
    """The settings among the values of a content."""
    return Settings(
        name=values["name"] or "",
        place=values["place"] or "",
        tables=values["tables"] or 0,
        rooms=values["rooms"] or 0,
        timezone=values["timezone"],
        description=values["description"] or "",
        wishes_until=values["wishes_until"],
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
