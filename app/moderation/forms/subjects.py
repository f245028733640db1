"""The form of a decision about a whole."""

from collections.abc import Iterable
from typing import Any

from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length

from app.content.enums import Nature
from app.core.i18n import lazy_gettext as _l
from app.moderation.enums import Decision
from app.web.forms import BaseForm, as_choices

LABELS = {
    Decision.ACCEPT: _l("Accepter : vérifiée, ou publiée"),
    Decision.RETURN: _l("Renvoyer pour correction"),
    Decision.REVIEW: _l("Mettre sous revue : ses publications attendront la modération"),
    Decision.SUSPEND: _l("Suspendre"),
    Decision.DELIST: _l("Retirer, avec une raison publique"),
    Decision.REOPEN: _l("Rouvrir"),
}


def _identity_decisions() -> list[SelectChoice]:
    return as_choices(
        [("accept", _l("Accepter : le changement est fait")), ("return", LABELS[Decision.RETURN])]
    )


class IdentityForm(BaseForm):
    decision = RadioField(
        _l("Votre décision"),
        choices=_identity_decisions,
        validators=[InputRequired()],
    )
    reason = TextAreaField(
        _l("Raison"),
        description=_l("Envoyée par courriel. Obligatoire pour renvoyer."),
        validators=[Length(max=2000)],
    )


def _correction_rulings() -> list[SelectChoice]:
    return as_choices(
        [
            (Nature.CORRECTION.value, _l("C’est bien une correction : rien ne change")),
            (
                Nature.SUBSTANTIVE.value,
                _l("C’est un changement de fond : les attestations vérifiées sont à confirmer"),
            ),
        ]
    )


class CorrectionForm(BaseForm):
    nature = RadioField(_l("Votre décision"), choices=_correction_rulings, validators=[InputRequired()])
    reason = TextAreaField(
        _l("Raison"),
        description=_l("Envoyée par courriel. Obligatoire pour un changement de fond."),
        validators=[Length(max=2000)],
    )


class DecisionForm(BaseForm):
    decision = RadioField(_l("Votre décision"), validators=[InputRequired()])
    reason = TextAreaField(
        _l("Raison"),
        description=_l("Publique, et envoyée par courriel. Obligatoire sauf pour accepter ou rouvrir."),
        validators=[Length(max=2000)],
    )

    def __init__(self, *args: Any, decisions: Iterable[Decision], **values: Any) -> None:
        super().__init__(*args, **values)
        self.decision.choices = as_choices((item.value, LABELS[item]) for item in decisions)
