"""Pages of the domain: what everyone reads, what a vendor writes."""

from app.offers.views import claims, contests, editing, evidence, public
from app.offers.views.routes import blueprint

__all__ = ["blueprint", "claims", "contests", "editing", "evidence", "public"]
