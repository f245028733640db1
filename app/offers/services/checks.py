"""Checks of what is written about an offer: who may write, and its licence."""

from functools import cache
from typing import Any

from app.accounts.models import Organisation
from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
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


def checked_licence(expression: str | None) -> str | None:
    """A licence in its SPDX form, or None when empty. Raises RuleBroken on field `licence`."""
    if not expression or not expression.strip():
        return None
    from license_expression import ExpressionError

    try:
        return str(_spdx().parse(expression.strip(), validate=True))
    except (ExpressionError, AttributeError) as error:
        message = _("Licence inconnue : écrivez son identifiant SPDX, par exemple AGPL-3.0-only ou EUPL-1.2.")
        raise RuleBroken(fields={"licence": message}) from error


@cache
def _spdx() -> Any:
    from license_expression import get_spdx_licensing  # its index of licences takes a while to read

    return get_spdx_licensing()
