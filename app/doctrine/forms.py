"""Forms of the three steps."""

from decimal import Decimal

from wtforms import BooleanField, DecimalField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.core.i18n import lazy_gettext as _l
from app.doctrine.engine import Purchase
from app.doctrine.enums import Ground, Outcome, SetAside, Way
from app.doctrine.presenters import GROUNDS, OUTCOMES, SET_ASIDE, WAYS
from app.web.forms import BaseForm, as_choices, asked

AMOUNT_AT_MOST = Decimal(10) ** 12


class ConsiderForm(BaseForm):
    """Retain a solution, or set it aside and say why."""

    outcome = RadioField(_l("Votre décision"), validators=[InputRequired()])
    reason = SelectField(
        _l("Motif, si elle est écartée"),
        description=_l("Les conditions que la circulaire énonce."),
        default="",
    )
    detail = TextAreaField(
        _l("Précision"),
        description=_l("Ce qu’un lecteur de la note de choix doit savoir. Obligatoire pour un autre motif."),
        validators=[Length(max=4000)],
        render_kw={"rows": 4},
    )

    def with_choices(self) -> "ConsiderForm":
        self.outcome.choices = as_choices(OUTCOMES.items())
        self.reason.choices = asked(SET_ASIDE.items())
        return self

    def decision(self) -> tuple[Outcome, SetAside | None]:
        reason = SetAside(self.reason.data) if self.reason.data else None
        return Outcome(self.outcome.data), reason


class DevelopForm(BaseForm):
    """Open the third step."""

    ground = SelectField(_l("Motif"), validators=[InputRequired()])
    justification = TextAreaField(
        _l("Pourquoi aucune solution sur étagère ne convient"),
        description=_l("La note de choix reprend ce texte : dites ce qui manque, et ce que cela empêche."),
        validators=[InputRequired(), Length(max=8000)],
        render_kw={"rows": 6},
    )
    way = RadioField(_l("Qui développe"), validators=[InputRequired()])

    def with_choices(self) -> "DevelopForm":
        self.ground.choices = asked(GROUNDS.items())
        self.way.choices = as_choices(WAYS.items())
        return self

    def grounds(self) -> tuple[Ground, Way]:
        return Ground(self.ground.data), Way(self.way.data)


class RouteForm(BaseForm):
    """What the route to purchase depends on; asked in the address, so that a result can be shared."""

    class Meta(BaseForm.Meta):
        csrf = False

    amount = DecimalField(
        _l("Montant du marché, hors taxes (€)"), validators=[Optional(), NumberRange(0, AMOUNT_AT_MOST)]
    )
    total = DecimalField(
        _l("Coût complet du projet, toutes taxes comprises (€)"),
        validators=[Optional(), NumberRange(0, AMOUNT_AT_MOST)],
    )
    innovative = BooleanField(_l("La solution est innovante (nouvelle ou sensiblement améliorée)"))
    defence = BooleanField(_l("Marché de défense ou de sécurité"))

    def purchase(self, *, is_state: bool, opens_development: bool) -> Purchase:
        return Purchase(
            amount=self.amount.data,
            total_with_tax=self.total.data,
            is_state=is_state,
            is_defence=bool(self.defence.data),
            is_innovative=bool(self.innovative.data),
            opens_development=opens_development,
        )
