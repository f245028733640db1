"""Finding the organisation a row speaks of."""

from app.accounts.models import Organisation
from app.accounts.queries import find_organisation_by_siren, get_organisation_by_slug
from app.accounts.services import clean_siren
from app.core.errors import NotFound, RuleBroken
from app.core.i18n import gettext as _


def organisation_named(cell: str, column: str) -> Organisation:
    """The organisation whose SIREN or page name (slug) is in `cell`. Raises RuleBroken on `column`."""
    if not cell:
        raise RuleBroken(fields={column: str(_("Indiquez un numéro SIREN ou l’identifiant de la fiche."))})
    digits = "".join(cell.split())
    try:
        if digits.isdecimal():
            found = find_organisation_by_siren(clean_siren(digits) or "")
        else:
            found = get_organisation_by_slug(cell.lower())
    except NotFound:
        found = None
    except RuleBroken as error:
        raise RuleBroken(fields={column: error.message}) from error
    if found is None:
        raise RuleBroken(fields={column: str(_("Organisation inconnue : %(name)s.", name=cell))})
    return found
