"""Forms of moderation."""

from collections.abc import Iterable
from typing import Any

from flask_wtf.file import FileRequired
from wtforms import IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # its types are older
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from app.claims.enums import Verdict
from app.core.i18n import lazy_gettext as _l
from app.moderation.presenters import ACTIONS, CLAIM_FILTERS, IMPORT_KINDS, OBJECT_TYPES, VERDICTS
from app.web.forms import BaseForm, Upload


def _choices(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """Choices whose labels stay lazy: a class is read once, its page in the language of each reader."""
    return [SelectChoice(value, label) for value, label in pairs]


class DecideForm(BaseForm):
    verdict = RadioField(
        _l("Votre décision"),
        choices=_choices(VERDICTS.items()),
        validators=[InputRequired(message=_l("Choisissez : vérifiée, non établie ou contredite."))],
    )
    reason = TextAreaField(
        _l("Raison"),
        description=_l("Le fournisseur la reçoit par courriel. Citez la pièce consultée et sa date."),
        validators=[
            DataRequired(message=_l("Dites pourquoi : le fournisseur lira cette raison.")),
            Length(max=2000),
        ],
    )

    found = StringField(
        _l("Ce que la preuve établit"),
        description=_l("Si elle contredit l’attestation : la valeur établie. Inutile pour un oui ou un non."),
        validators=[Length(max=300)],
    )

    seen_version = IntegerField(widget=HiddenInput(), validators=[Optional()])

    def answers(self) -> dict[str, Any]:
        """Arguments of `decide_claim`."""
        return {**self.values(), "verdict": Verdict(self.verdict.data)}


class ReopenForm(BaseForm):
    reason = TextAreaField(
        _l("Pourquoi rouvrir cette décision ?"),
        description=_l("L’attestation redevient « déclarée » et attend une nouvelle décision."),
        validators=[
            DataRequired(message=_l("Dites pourquoi : le fournisseur lira cette raison.")),
            Length(max=2000),
        ],
    )


def form_for(claim: Any, *, version: int | None) -> BaseForm:
    """A form for what may be done with a claim: decide while it is open, as a first moderator proposes where
    one does; else reopen. `version` is the offer's that is shown."""
    if not claim.is_open:
        return ReopenForm(formdata=None)
    first = claim.proposed
    if first is None:
        return DecideForm(formdata=None, seen_version=version)
    found = "" if first.found is None or isinstance(first.found, bool) else first.found
    proposed = {"verdict": first.verdict.value, "reason": first.reason, "found": found}
    return DecideForm(formdata=None, seen_version=version, data=proposed)


class ClaimFilterForm(BaseForm):
    status = SelectField(_l("État"), choices=_choices(CLAIM_FILTERS.items()), default="")
    criterion = SelectField(_l("Critère"), default="")

    def offer_criteria(self, named: Iterable[tuple[str, str]]) -> None:
        self.criterion.choices = _choices([("", _l("Tous")), *named])


class JournalFilterForm(BaseForm):
    action = SelectField(_l("Action"), default="")
    object_type = SelectField(_l("Objet"), default="")
    person = StringField(_l("Personne"), description=_l("Nom ou adresse électronique"))

    def offer_known(self, actions: Iterable[str], object_types: Iterable[str]) -> None:
        """Propose what the log really holds, in words where there are some."""
        named = [(name, ACTIONS.get(name, name)) for name in actions]
        self.action.choices = _choices([("", _l("Toutes")), *named])
        named = [(name, OBJECT_TYPES.get(name, name)) for name in object_types]
        self.object_type.choices = _choices([("", _l("Tous")), *named])


class ImportForm(BaseForm):
    kind = SelectField(
        _l("Que contient le fichier ?"),
        choices=_choices([("", _l("Choisir")), *IMPORT_KINDS.items()]),
        validators=[InputRequired(message=_l("Dites ce que contient le fichier."))],
    )
    file = Upload(
        _l("Fichier"),
        description=_l("Le fichier est d’abord lu à blanc : rien n’est enregistré avant votre confirmation."),
        validators=[FileRequired(message=_l("Choisissez un fichier."))],
    )
