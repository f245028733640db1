"""Files moderators may download: models of the CSV files they can import."""

from collections.abc import Mapping, Sequence

from app.core.sheets import table_text
from app.moderation.enums import ImportKind
from app.moderation.services.imports import needs, offers
from app.reference.enums import LEAD_TIME_ATTRIBUTE, AttributeType
from app.reference.models import Attribute

OFFER_EXAMPLE: Mapping[str, str] = {
    "reference": "OFFRE-001",
    "organisation": "editeur-exemple",
    "nom": "Messagerie Exemple",
    "resume": "Messagerie instantanée chiffrée pour les équipes",
    "description": "Salons, discussions et appels, hébergés en France, avec reprise des annuaires.",
    "type": "marché",
    "langue": "fr",
    "delai_jours": "30",
    "publier": "oui",
    "critere_open_source": "oui",
    "critere_secnumcloud": "non",
}
NEED_EXAMPLE: Mapping[str, str] = {
    "reference": "BESOIN-001",
    "administration": "ministere-exemple",
    "titre": "Messagerie instantanée pour les agents",
    "description": "Les agents échangent messages et fichiers entre services, au bureau et en déplacement.",
    "langue": "fr",
    "utilisateurs": "12000",
    "donnees_sensibles": "non",
    "publier": "oui",
    "exigence_open_source": "déclaré",
    "exigence_secnumcloud": "vérifié",
}


def sample_csv(kind: ImportKind, *, criteria: Sequence[str], attributes: Sequence[Attribute]) -> str:
    """Needs require `criteria`, offers state `attributes`.

    Header and one made-up row, as a spreadsheet in French opens them: semicolons, UTF-8 with its mark."""
    if kind is ImportKind.OFFERS:
        columns = [*offers.REQUIRED, *offers.OPTIONAL, *(offers.PREFIX + one.key for one in attributes)]
        example = {**{offers.PREFIX + one.key: _example(one) for one in attributes}, **OFFER_EXAMPLE}
    else:
        columns = [*needs.REQUIRED, *needs.OPTIONAL, *(needs.PREFIX + key for key in criteria)]
        example = {**NEED_EXAMPLE}
    return "\ufeff" + table_text([columns, [example.get(column, "") for column in columns]], separator=";")


def _example(attribute: Attribute) -> str:
    """A value of its type, so that the column shows what it takes; a yes or no is left empty."""
    if attribute.key == LEAD_TIME_ATTRIBUTE:
        return ""  # the column of the lead time states it
    match attribute.type:
        case AttributeType.NUMBER:
            return "80"
        case AttributeType.DATE:
            return "31/12/2027"
        case AttributeType.CHOICE:
            return str(attribute.options[0])
        case AttributeType.CHOICES:
            return ", ".join(attribute.options[:2])
    return ""
