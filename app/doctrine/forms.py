"""Forms of the three steps."""

from decimal import Decimal

from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    widgets,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.core.i18n import lazy_gettext as _l
from app.doctrine.engine import Answers, Purchase, harms_of
from app.doctrine.enums import Ground, Outcome, SetAside, Way
from app.doctrine.presenters import GROUNDS, HARMS, OUTCOMES, SET_ASIDE, WAYS
from app.web.forms import BaseForm, as_choices, asked

AMOUNT_AT_MOST = Decimal(10) ** 12
YES_NO = (("yes", _l("Oui")), ("no", _l("Non")))


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


class DeterminationForm(BaseForm):
    """The questions of article 31 of the SREN law, answered and signed by the owner of the data."""

    uses_commercial_cloud = RadioField(
        _l("Les données seront-elles hébergées par un prestataire d’informatique en nuage ?"),
        choices=as_choices(YES_NO),
        validators=[InputRequired()],
    )
    is_body_in_scope = RadioField(
        _l("L’organisme est-il concerné ?"),
        description=_l(
            "Administrations de l’État, leurs opérateurs et les groupements que le décret n° 2026-272 nomme."
        ),
        choices=as_choices(YES_NO),
        validators=[InputRequired()],
    )
    harms = SelectMultipleField(
        _l("La violation de ces données porterait-elle atteinte"),
        description=_l("Ne cochez rien si aucune de ces atteintes n’est à craindre."),
        choices=as_choices(HARMS.items()),
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )
    reasons = TextAreaField(
        _l("Pourquoi"),
        description=_l(
            "Quelles données, quel risque : deux ou trois phrases que l’on puisse relire dans un an."
        ),
        validators=[InputRequired(), Length(max=8000)],
        render_kw={"rows": 5},
    )
    derogation = StringField(
        _l("Dérogation, s’il y en a une : son fondement"), validators=[Length(max=500)], default=""
    )
    derogation_until = DateField(_l("Dernier jour de la dérogation"), validators=[Optional()])
    owner_name = StringField(
        _l("Propriétaire des données qui signe"), validators=[InputRequired(), Length(max=200)]
    )
    owner_function = StringField(_l("Sa fonction"), validators=[InputRequired(), Length(max=200)])

    def answers(self) -> Answers:
        return Answers(
            uses_commercial_cloud=self.uses_commercial_cloud.data == "yes",
            is_body_in_scope=self.is_body_in_scope.data == "yes",
            harms=harms_of(self.harms.data or ()),
            derogation_until=self.derogation_until.data,
        )
