"""Writing the reference data."""

from app.reference.services.criteria import (
    add_criterion,
    edit_criterion,
    reactivate_criterion,
    retire_criterion,
    save_criterion,
)
from app.reference.services.registers import (
    save_category,
    save_legal_parameter,
    save_objective,
    save_qualified_service,
)
from app.reference.services.values import Stored, checked_value

__all__ = [
    "Stored",
    "add_criterion",
    "checked_value",
    "edit_criterion",
    "reactivate_criterion",
    "retire_criterion",
    "save_category",
    "save_criterion",
    "save_legal_parameter",
    "save_objective",
    "save_qualified_service",
]
