"""Offers: those of demonstration vendors, the State's mutualised services, recommended free software."""

from app.offers.enums import OfferKind
from app.offers.models import Offer
from app.offers.queries import subject_of
from app.offers.services import create_offer, publish_offer
from app.permissions import SYSTEM
from app.seeding.claims import seed_claims
from app.seeding.people import Organisations
from seed_data.reader import SeedData
from seed_data.records import SeedClaim

Offers = dict[str, Offer]
DEMONSTRATION = "Données de démonstration"


def seed_market(data: SeedData, organisations: Organisations) -> Offers:
    """Published market offers by seed key."""
    found: Offers = {}
    for item in data.offers:
        offer = create_offer(
            SYSTEM,
            organisation=organisations[item.vendor],
            kind=OfferKind.MARKET,
            name=item.name,
            summary=item.summary,
            description=item.description,
            categories=item.categories,
            language=item.language,
            licence=item.licence,
            price_note=item.price_note,
            lead_time_days=item.lead_time_days,
            import_key=f"seed:{item.key}",
        )
        publish_offer(SYSTEM, offer, note=offer.source or DEMONSTRATION)
        seed_claims(item.claims, subject_of(offer))
        found[item.key] = offer
    return found


def seed_shared(data: SeedData, organisations: Organisations) -> None:
    """Mutualised services and free software, each with the source and date of its facts."""
    for service in data.mutualised:
        offer = create_offer(
            SYSTEM,
            organisation=organisations[service.operator],
            kind=OfferKind.MUTUALISED,
            name=service.name,
            summary=service.summary,
            description=service.description,
            categories=service.categories,
            licence=service.licence,
            website=service.repository,
            users_scope=service.users_scope,
            circle=service.circle,
            source=service.source,
            source_on=service.source_on,
            import_key=f"state:{service.key}",
        )
        publish_offer(SYSTEM, offer, note=offer.source or DEMONSTRATION)
        if service.open_source is not None:
            _state_open_source(offer, service.open_source, service.source)
        seed_claims(service.claims, subject_of(offer))
    for software in data.free_software:
        offer = create_offer(
            SYSTEM,
            organisation=None,
            kind=OfferKind.FREE_SOFTWARE,
            name=software.name,
            summary=software.summary,
            description=software.description,
            categories=software.categories,
            licence=software.licence,
            website=software.website,
            source=software.source,
            source_on=software.source_on,
            import_key=f"sill:{software.key}",
        )
        publish_offer(SYSTEM, offer, note=offer.source or DEMONSTRATION)
        _state_open_source(offer, True, software.source)


def _state_open_source(offer: Offer, value: bool, source: str) -> None:
    statement = "Code publié sous licence libre." if value else "Le code n’est pas publié."
    issuer = source[:300]
    claim = SeedClaim(
        criterion="open_source", value=value, level="verified", statement=statement, issuer=issuer
    )
    seed_claims([claim], subject_of(offer))
