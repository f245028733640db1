"""Forms of moderation, and the words it uses for states and actions."""

from collections.abc import Mapping
from typing import Any

from flask_wtf.file import FileRequired
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.core.i18n import lazy_gettext as _l
from app.moderation.enums import ClaimFilter, ImportKind
from app.web.forms import BaseForm, Upload

CLAIM_FILTERS: Mapping[str, Any] = {
    "": _l("Toutes"),
    ClaimFilter.AWAITING: _l("En attente de vérification"),
    ClaimFilter.DECLARED: _l("Déclarées"),
    ClaimFilter.VERIFIED: _l("Vérifiées"),
    ClaimFilter.REFUTED: _l("Refusées"),
    ClaimFilter.EXPIRING: _l("Qui expirent dans les 60 jours"),
    ClaimFilter.EXPIRED: _l("Expirées"),
}
CLAIM_STATUSES: Mapping[str, Any] = {
    "declared": _l("Déclarée"),
    "verified": _l("Vérifiée"),
    "refuted": _l("Refusée"),
    "expired": _l("Expirée"),
}
IMPORT_KINDS: Mapping[str, Any] = {
    ImportKind.SILL: _l("Socle interministériel de logiciels libres (SILL), fichier JSON"),
    ImportKind.SECNUMCLOUD: _l("Registre SecNumCloud, fichier CSV"),
    ImportKind.CPV: _l("Nomenclature CPV, fichier CSV"),
    ImportKind.OFFERS: _l("Offres, fichier CSV"),
    ImportKind.NEEDS: _l("Besoins, fichier CSV"),
}
ACTIONS: Mapping[str, Any] = {
    "claim.created": _l("Attestation déclarée"),
    "claim.declared": _l("Attestation déclarée"),
    "claim.withdrawn": _l("Attestation retirée"),
    "claim.verified": _l("Attestation vérifiée"),
    "claim.refuted": _l("Attestation refusée"),
    "claim.reopened": _l("Décision rouverte"),
    "import.run": _l("Import d’un fichier"),
    "need.created": _l("Besoin créé"),
    "need.edited": _l("Besoin modifié"),
    "need.published": _l("Besoin publié"),
    "need.closed": _l("Besoin clos"),
    "need.deleted": _l("Brouillon de besoin supprimé"),
    "offer.created": _l("Offre créée"),
    "offer.edited": _l("Offre modifiée"),
    "offer.published": _l("Offre publiée"),
    "offer.withdrawn": _l("Offre retirée"),
    "organisation.created": _l("Organisation inscrite"),
    "organisation.edited": _l("Organisation modifiée"),
    "reference.created": _l("Référence ajoutée"),
    "reference.updated": _l("Référence mise à jour"),
    "user.created": _l("Compte créé"),
}
OBJECT_TYPES: Mapping[str, Any] = {
    "category": _l("Catégorie"),
    "claim": _l("Attestation"),
    "criterion": _l("Critère"),
    "event": _l("Événement"),
    "legal_parameter": _l("Règle de droit"),
    "match_run": _l("Recherche d’offres"),
    "need": _l("Besoin"),
    "objective": _l("Objectif"),
    "offer": _l("Offre"),
    "organisation": _l("Organisation"),
    "qualified_service": _l("Service SecNumCloud"),
    "user_account": _l("Compte"),
}


class DecideForm(BaseForm):
    verdict = RadioField(
        _l("Votre décision"),
        choices=[
            ("verified", _l("Vérifiée : la preuve établit ce qui est affirmé")),
            ("refuted", _l("Refusée : la preuve manque, ne suffit pas ou contredit l’affirmation")),
        ],
        validators=[InputRequired(message=_l("Choisissez : vérifiée ou refusée."))],
    )
    reason = TextAreaField(
        _l("Raison"),
        description=_l("Le fournisseur la reçoit par courriel. Citez la pièce consultée et sa date."),
        validators=[
            InputRequired(message=_l("Dites pourquoi : le fournisseur lira cette raison.")),
            Length(max=2000),
        ],
    )


class ReopenForm(BaseForm):
    reason = TextAreaField(
        _l("Pourquoi rouvrir cette décision ?"),
        description=_l("L’attestation redevient « déclarée » et attend une nouvelle décision."),
        validators=[
            InputRequired(message=_l("Dites pourquoi : le fournisseur lira cette raison.")),
            Length(max=2000),
        ],
    )


class ClaimFilterForm(BaseForm):
    status = SelectField(_l("État"), choices=list(CLAIM_FILTERS.items()), default="")
    criterion = SelectField(_l("Critère"), default="")


class JournalFilterForm(BaseForm):
    action = SelectField(_l("Action"), default="")
    object_type = SelectField(_l("Objet"), default="")
    person = StringField(_l("Personne"), description=_l("Nom ou adresse électronique"))


class ImportForm(BaseForm):
    kind = SelectField(
        _l("Que contient le fichier ?"),
        choices=[("", _l("Choisir")), *IMPORT_KINDS.items()],
        validators=[InputRequired(message=_l("Dites ce que contient le fichier."))],
    )
    file = Upload(
        _l("Fichier"),
        description=_l("Le fichier est d’abord lu à blanc : rien n’est enregistré avant votre confirmation."),
        validators=[FileRequired(message=_l("Choisissez un fichier."))],
    )
