"""Imports every model, for the migrations and the tests that look at the whole metadata."""

from app.accounts import models as accounts
from app.agenda import models as agenda
from app.audit import models as audit
from app.core import jobs
from app.matchmaking import models as matchmaking
from app.needs import models as needs
from app.offers import models as offers
from app.reference import models as reference

__all__ = ["accounts", "agenda", "audit", "jobs", "matchmaking", "needs", "offers", "reference"]
