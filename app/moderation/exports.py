"""Files moderators may download: models of the CSV files they can import."""

import csv
import io
from collections.abc import Mapping, Sequence

from app.moderation.enums import ImportKind
from app.moderation.services.imports import needs, offers

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


def sample_csv(kind: ImportKind, criteria: Sequence[str]) -> str:
    """Header and one made-up row, as a spreadsheet in French opens them: semicolons, UTF-8 with its mark."""
    if kind is ImportKind.OFFERS:
        columns = [*offers.REQUIRED, *offers.OPTIONAL, *(offers.PREFIX + key for key in criteria)]
        example = OFFER_EXAMPLE
    else:
        columns = [*needs.REQUIRED, *needs.OPTIONAL, *(needs.PREFIX + key for key in criteria)]
        example = NEED_EXAMPLE
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";")
    writer.writerows([columns, [example.get(column, "") for column in columns]])
    return "\ufeff" + target.getvalue()
