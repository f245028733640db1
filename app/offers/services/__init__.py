"""Rules of the offers: writing them, publishing them."""

from app.offers.services.offers import create_offer, edit_offer, publish_offer, withdraw_offer

__all__ = [
    "create_offer",
    "edit_offer",
    "publish_offer",
    "withdraw_offer",
]
