"""The form of a buyer's weights. Objectives are rows, so their fields are made from them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wtforms import SelectField

from app.core.i18n import gettext as _
from app.core.i18n import localised
from app.web.forms import BaseForm, as_choices

PREFIX = "weight_"


class WeightsForm(BaseForm):
    """Without field of its own; `weights_form` adds one select for each objective."""

    objective_fields: tuple[str, ...] = ()

    def fields(self) -> Iterable[Any]:
        """The selects, in the order of the objectives."""
        return [self[name] for name in self.objective_fields]

    def weights(self) -> dict[str, int]:
        """Objective -> 0 to 5."""
        return {name.removeprefix(PREFIX): int(self[name].data) for name in self.objective_fields}


def weights_form(objectives: Sequence[Any], weights: Mapping[str, int]) -> WeightsForm:
    """A `WeightsForm` filled with the weights of a need."""
    levels = as_choices(
        [
            (0, _("Ne compte pas")),
            (1, _("1 – compte très peu")),
            (2, _("2 – compte peu")),
            (3, _("3 – compte")),
            (4, _("4 – compte beaucoup")),
            (5, _("5 – compte le plus")),
        ]
    )
    fields = {
        PREFIX + objective.key: SelectField(
            objective.label,
            description=localised(objective.description_fr, objective.description_en),
            choices=levels,
            coerce=int,
            default=0,
        )
        for objective in objectives
    }
    kind = type("WeightsFormOfObjectives", (WeightsForm,), {**fields, "objective_fields": tuple(fields)})
    form: WeightsForm = kind(data={PREFIX + key: weight for key, weight in weights.items()})
    return form
