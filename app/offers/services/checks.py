"""Who may write about an offer."""

from app.accounts.models import Organisation
from app.offers.enums import OfferKind
from app.permissions import Actor, Permission, can, require


def require_on(
    actor: Actor, permission: Permission, kind: OfferKind | None, organisation: Organisation | None
) -> None:
    """A vendor writes about its own market offers and itself; the rest comes with an import."""
    own = organisation is not None and kind in {None, OfferKind.MARKET}
    if own and organisation is not None and not can(actor, Permission.IMPORT_RUN):
        require(actor, permission, on=organisation)
    else:
        require(actor, Permission.IMPORT_RUN)
