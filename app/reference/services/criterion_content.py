"""What moderators write about a criterion, field by field: two moderators' changes merge."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.content.spec import Choice, Day, Field, LongText, Many, Number, Record
from app.core.i18n import lazy_gettext as _l
from app.reference.enums import VerificationPolicy
from app.reference.models import Criterion
from app.reference.queries import criterion_labels

POLICIES: Mapping[str, Any] = {
    VerificationPolicy.REGISTRY: _l("Un registre public, ligne à ligne"),
    VerificationPolicy.DOCUMENT: _l("Un document : certificat, contrat, dépôt de code"),
    VerificationPolicy.DECLARATION: _l("La déclaration du fournisseur, faute de preuve possible"),
}


def _policies(keys: Iterable[str]) -> Mapping[str, str]:
    return {key: str(POLICIES[key]) for key in keys if key in POLICIES}


CRITERION: Record[Criterion] = Record(
    fields=(
        Field("label_fr", _l("Nom en français")),
        Field("label_en", _l("Nom en anglais")),
        LongText("question_fr", _l("Question posée au fournisseur, en français")),
        LongText("question_en", _l("Question posée au fournisseur, en anglais")),
        LongText("description_fr", _l("Ce que le critère veut dire, en français")),
        LongText("description_en", _l("Ce que le critère veut dire, en anglais")),
        LongText("legal_basis", _l("Base légale")),
        Field("source", _l("Source")),
        Day("source_on", _l("Source consultée le")),
        Choice("verification_policy", _l("Ce qui vaut vérification"), words=_policies),
        Many("implied_by", _l("Critères plus exigeants qui l’impliquent"), words=criterion_labels),
        Number("position", _l("Rang dans les listes")),
    ),
)
