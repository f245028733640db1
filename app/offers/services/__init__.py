"""Rules of the offers: writing them, publishing them, and the claims made about them."""

from app.offers.services.claims import declare_claim, request_verification, tell_of_claim, withdraw_claim
from app.offers.services.offers import create_offer, edit_offer, publish_offer, withdraw_offer

__all__ = [
    "create_offer",
    "declare_claim",
    "edit_offer",
    "publish_offer",
    "request_verification",
    "tell_of_claim",
    "withdraw_claim",
    "withdraw_offer",
]
