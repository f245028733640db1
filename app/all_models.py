"""Imports every model, for the migrations and the tests that look at the whole metadata."""

from app.accounts import models as accounts
from app.audit import models as audit
from app.claims import models as claims
from app.core import jobs
from app.doctrine import models as doctrine
from app.events import models as events
from app.matchmaking import models as matchmaking
from app.meetings import models as meetings
from app.moderation import models as moderation
from app.needs import models as needs
from app.offers import models as offers
from app.outbox import models as outbox
from app.parking import models as parking
from app.reference import models as reference
from app.schedules import models as schedules

__all__ = [
    "accounts",
    "audit",
    "claims",
    "doctrine",
    "events",
    "jobs",
    "matchmaking",
    "meetings",
    "moderation",
    "needs",
    "offers",
    "outbox",
    "parking",
    "reference",
    "schedules",
]
