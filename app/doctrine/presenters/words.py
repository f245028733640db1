"""The codes of the doctrine in the words of the circular and of the law."""

from collections.abc import Mapping

from app.core.i18n import lazy_gettext as _l
from app.doctrine.engine import Harm, Result, Route
from app.doctrine.enums import Ground, Outcome, SetAside, Step, Way

STEPS: Mapping[Step, object] = {
    Step.MUTUALISE: _l("Mutualiser : les solutions de l’État"),
    Step.BUY: _l("Acheter sur étagère : le marché et les logiciels libres"),
    Step.DEVELOP: _l("Développer, si rien ne convient"),
}
OUTCOMES: Mapping[Outcome, object] = {
    Outcome.RETAINED: _l("Retenue"),
    Outcome.SET_ASIDE: _l("Écartée"),
}
SET_ASIDE: Mapping[SetAside, object] = {
    SetAside.NEED: _l("Ne répond pas au besoin"),
    SetAside.SECURITY: _l("Garanties de sécurité insuffisantes"),
    SetAside.COST: _l("Coût complet trop élevé"),
    SetAside.LEAD_TIME: _l("Délai de mise en service trop long"),
    SetAside.DURABILITY: _l("Pérennité insuffisante"),
    SetAside.INTEROPERABILITY: _l("Ne s’insère pas dans l’existant"),
    SetAside.UNAVAILABLE: _l("Pas accessible à notre administration"),
    SetAside.OTHER: _l("Autre motif, à préciser"),
}
GROUNDS: Mapping[Ground, object] = {
    Ground.COST: _l("Le coût"),
    Ground.SECURITY: _l("La sécurité"),
    Ground.DURABILITY: _l("La pérennité"),
    Ground.NEED: _l("L’adéquation au besoin"),
    Ground.LEAD_TIME: _l("Le délai"),
    Ground.NOTHING_FITS: _l("Aucune solution ne répond à ce besoin"),
}
WAYS: Mapping[Way, object] = {
    Way.IN_HOUSE: _l("Faire : nos équipes développent"),
    Way.CONTRACTED: _l("Faire faire : un prestataire développe"),
    Way.MIXED: _l("Faire avec : nos équipes et un prestataire"),
}
ROUTES: Mapping[Route, object] = {
    Route.NO_PUBLICITY: _l("Marché sans publicité ni mise en concurrence préalables, en raison du montant"),
    Route.INNOVATIVE: _l("Achat innovant, sans publicité ni mise en concurrence préalables"),
    Route.INNOVATIVE_DEFENCE: _l("Achat innovant de défense ou de sécurité"),
    Route.ADAPTED: _l("Procédure adaptée"),
    Route.FORMAL: _l("Procédure formalisée"),
    Route.NEGOTIATED: _l(
        "Procédure avec négociation : le besoin ne peut être satisfait sans adapter l’existant"
    ),
    Route.DINUM_OPINION: _l("Avis conforme de la DINUM, en raison du montant du projet"),
}


HARMS: Mapping[Harm, object] = {
    Harm.PUBLIC_ORDER: _l("à l’ordre public"),
    Harm.PUBLIC_SAFETY: _l("à la sécurité publique"),
    Harm.HEALTH_OR_LIFE: _l("à la santé ou à la vie des personnes"),
    Harm.INTELLECTUAL_PROPERTY: _l("à la propriété intellectuelle"),
}
RESULTS: Mapping[Result, object] = {
    Result.REQUIRED: _l("Hébergement SecNumCloud exigé"),
    Result.DEROGATION: _l("Hébergement SecNumCloud exigé à la fin de la dérogation"),
    Result.NOT_CONCERNED: _l("Article 31 non applicable"),
}
