"""Fills a new portal with `seed_data`, through the services, in the order in which things depend."""

from app.accounts.models import Organisation
from app.core.db import db, unit_of_work
from app.outbox.services import muted
from app.seeding.catalogue import seed_market, seed_shared
from app.seeding.demand import seed_activity, seed_needs
from app.seeding.events import seed_event
from app.seeding.people import seed_accounts, seed_organisations
from app.seeding.reference import seed_reference
from seed_data.reader import load


def seed_everything() -> bool:
    """Load all seed data in one transaction; does nothing, and says so, where there is any organisation."""
    with unit_of_work(), muted():
        if db.session.query(Organisation.id).first() is not None:
            return False
        data = load()
        seed_reference(data)
        organisations = seed_organisations(data)
        offers = seed_market(data, organisations)
        seed_shared(data, organisations)
        needs = seed_needs(data, organisations)
        seed_accounts(data, organisations)
        seed_activity(data, needs, offers)
        for event in data.events:
            seed_event(event, organisations, needs, offers)
    return True
