"""A company's record says some of what is claimed of it."""

from app.accounts.signals import vendor_saved
from app.claims.services import derive_from_record
from app.permissions import Actor


@vendor_saved.connect
def _vendor_saved(organisation_id: int, actor: Actor) -> None:
    derive_from_record(actor, organisation_id)
