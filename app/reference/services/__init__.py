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

__all__ = [
    "add_criterion",
    "edit_criterion",
    "reactivate_criterion",
    "retire_criterion",
    "save_category",
    "save_criterion",
    "save_legal_parameter",
    "save_objective",
    "save_qualified_service",
]
