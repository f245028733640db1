"""What a registry answers to a claim: it qualifies a service, for a scope, between two days."""

from app.claims.models import Claim
from app.core.i18n import gettext as _
from app.moderation.queries.registries import registry_matches
from app.offers.models import Offer
from app.reference.enums import SENSITIVE_DATA_CRITERION


def doubt_of(claim: Claim, offer: Offer | None) -> str:
    """Why verifying this claim would go against the registry; "" where the registry says the same, or
    nothing is read in one."""
    if claim.attribute_key != SENSITIVE_DATA_CRITERION or claim.value is not True:
        return ""
    if any(match.is_exact and match.is_in_force for match in registry_matches(claim, offer)):
        return ""
    return str(_("Le registre ne dit pas ce service qualifié : le vérifier demande deux avis."))
