"""Forms for preparing an event: settings, slots, delegations."""

from collections.abc import Sequence
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.core.i18n import lazy_gettext as _l
from app.web.conflicts import EditForm
from app.web.form_messages import Messages
from app.web.forms import BaseForm, Checkboxes, as_choices, number_or_none

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


class _HoursForm(EditForm):
    """Changes hours that a published schedule may follow: then, and only then, it asks to confirm."""

    confirmed = BooleanField(
        _l("Je confirme le changement d’heure des rendez-vous publiés"),
        description=_l("Chaque délégation recevra ses nouveaux horaires."),
    )

    def __init__(self, *args: Any, published: bool = False, **values: Any) -> None:
        super().__init__(*args, **values)
        if published:
            self._fields["confirmed"] = self._fields.pop("confirmed")  # the last to be read
        else:
            del self.confirmed

    def is_confirmed(self) -> bool:
        return bool("confirmed" in self and self["confirmed"].data)


class EventForm(_HoursForm):
    """`holders` are the organisations among which a new event's is chosen; an event keeps its own."""

    organisation_id = SelectField(_l("Organisation qui tient l’événement"), coerce=int)
    name = StringField(_l("Nom de l’événement"), validators=[InputRequired(), Length(max=300)])
    place = StringField(
        _l("Lieu"),
        description=_l("Par exemple : Centre Pierre-Mendès-France, 139 rue de Bercy, Paris."),
        validators=[InputRequired(), Length(max=300)],
    )
    held_on = DateField(_l("Date"), validators=[InputRequired()])
    timezone = SelectField(
        _l("Fuseau horaire"), choices=_zones, default="Europe/Paris", validators=[InputRequired()]
    )
    tables = IntegerField(
        _l("Nombre de tables"),
        description=_l("Autant de rendez-vous peuvent avoir lieu en même temps."),
        validators=[InputRequired(), NumberRange(min=1, max=2000)],
    )
    rooms = IntegerField(
        _l("Nombre de salles"),
        description=_l("Pour les sessions menées par un ambassadeur."),
        default=0,
        validators=[InputRequired(), NumberRange(min=0, max=200)],
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

    def answers(self) -> dict[str, Any]:
        """Arguments common to the services that create and edit."""
        values = self.values()
        apart = {"version", "held_on", "confirmed", "organisation_id"}
        return {name: values[name] for name in values if name not in apart}


class DayForm(_HoursForm):
    """Slots of equal length, made at once."""

    held_on = DateField(_l("Date"), validators=[InputRequired()])
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


class SlotRow(PlainForm):
    """One line of the table of slots; a line left empty is ignored."""

    class Meta:
        def get_translations(self, form: PlainForm) -> Messages:
            return Messages()

    starts = TimeField(_l("Début"), validators=[Optional()])
    ends = TimeField(_l("Fin"), validators=[Optional()])
    tables = IntegerField(_l("Tables"), validators=[Optional(), NumberRange(min=0, max=2000)])
    remove = BooleanField(_l("Supprimer"))

    def is_empty(self) -> bool:
        return (
            bool(self.remove.data) or not (self.starts.raw_data or [""])[0] + (self.ends.raw_data or [""])[0]
        )


class SlotsForm(_HoursForm):
    """Carries the version; the lines are `SlotRow` forms of their own."""


class DelegationForm(BaseForm):
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
    absent = Checkboxes(_l("Créneaux où elle est indisponible"), coerce=int, validators=[Optional()])
