"""Rules of the offers: writing them, publishing them."""

from app.offers.services.offers import (
    autosave_offer,
    copy_offer,
    create_offer,
    discard_draft,
    edit_offer,
    hide_offer,
    publish_offer,
    reopen_offer,
    save_offer,
    withdraw_offer,
)

__all__ = [
    "autosave_offer",
    "copy_offer",
    "create_offer",
    "discard_draft",
    "edit_offer",
    "hide_offer",
    "publish_offer",
    "reopen_offer",
    "save_offer",
    "withdraw_offer",
]
