"""Form for having a schedule computed."""

from wtforms import BooleanField, IntegerField
from wtforms.validators import InputRequired, NumberRange, Optional

from app.core.i18n import lazy_gettext as _l
from app.schedules.reports import RunOptions
from app.web.forms import BaseForm


class RunForm(BaseForm):
    time_limit_s = IntegerField(
        _l("Temps de calcul maximal, en secondes"),
        description=_l("Le calcul s’arrête plus tôt s’il prouve que le planning est le meilleur possible."),
        default=60,
        validators=[InputRequired(), NumberRange(min=1, max=3600)],
    )
    polish = BooleanField(
        _l("Réduire les attentes"),
        description=_l("À valeur égale : moins de trous dans les journées, moins de changements de table."),
        default=True,
    )
    raise_floor = BooleanField(
        _l("Servir d’abord les moins servis"),
        description=_l(
            "Relève pas à pas le nombre de rendez-vous que chacun obtient, aussi haut que possible."
        ),
    )
    sme_floor = IntegerField(
        _l("Rendez-vous au moins pour chaque PME"),
        description=_l("Microentreprises comprises ; 0 : pas de minimum propre aux PME."),
        default=0,
        validators=[Optional(), NumberRange(min=0, max=96)],
    )
    keep_published = BooleanField(
        _l("Partir du planning publié"),
        description=_l(
            "Ne s’en écarte que pour un meilleur planning ; ses attentes ne sont pas retravaillées."
        ),
    )

    def options(self) -> RunOptions:
        return RunOptions(
            raise_floor=self.raise_floor.data,
            sme_floor=self.sme_floor.data or 0,
            keep_published=self.keep_published.data,
            polish=self.polish.data,
        )
