"""The blueprint of the doctrine, and the need of an address as its reader may see it."""

from typing import TYPE_CHECKING

from flask import Blueprint

from app.needs.queries import get_need
from app.permissions import Permission, require_visible
from app.web.access import current_actor

if TYPE_CHECKING:
    from app.needs.models import Need

blueprint = Blueprint("doctrine", __name__)


def need_for(need_id: int, permission: Permission) -> "Need":
    """As if it did not exist for who lacks `permission` on it."""
    found = get_need(current_actor(), need_id)
    require_visible(current_actor(), permission, on=found)
    return found
