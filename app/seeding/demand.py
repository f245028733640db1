"""Needs, and what ambassadors have already done with the proposals."""

from app.matchmaking.services.selection import add_to_shortlist
from app.matchmaking.services.verdicts import give_verdict
from app.needs import services
from app.needs.enums import RequiredLevel
from app.needs.models import Need
from app.needs.queries import find_need_by_import_key
from app.offers.queries import find_offer_by_import_key
from app.permissions import SYSTEM
from app.seeding.catalogue import DEMONSTRATION, Offers
from app.seeding.people import Organisations
from seed_data.reader import SeedData, load

Needs = dict[str, Need]


def seed_needs(data: SeedData, organisations: Organisations) -> Needs:
    found: Needs = {}
    for item in data.needs:
        need = services.create_need(
            SYSTEM,
            organisation=organisations[item.organisation],
            title=item.title,
            description=item.description,
            categories=item.categories,
            requirements={row.criterion: RequiredLevel(row.level) for row in item.requirements},
            users_count=item.users_count,
            deadline_on=item.deadline_on,
            budget_range=item.budget_range,
            sensitive_data=item.sensitive_data,
            import_key=f"seed:{item.key}",
        )
        if item.status != "draft":
            services.publish_need(SYSTEM, need, note=DEMONSTRATION)
        if item.status == "closed":
            services.close_need(SYSTEM, need)
        found[item.key] = need
    return found


def seed_activity(data: SeedData, needs: Needs, offers: Offers) -> None:
    for kept in data.activity.shortlists:
        add_to_shortlist(SYSTEM, needs[kept.need], offers[kept.offer], note=kept.note)


def seed_verdicts() -> None:
    """Judge the proposals as the demonstration's ambassadors do, once needs are matched: ranks are kept."""
    for judged in load().activity.verdicts:
        need = find_need_by_import_key(f"seed:{judged.need}")
        offer = find_offer_by_import_key(f"seed:{judged.offer}")
        if need is not None and offer is not None:
            give_verdict(SYSTEM, need, offer, useful=judged.useful)
