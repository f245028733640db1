"""Writing the reference data."""

from app.reference.services.criteria import (
    add_criterion,
    edit_criterion,
    reactivate_criterion,
    retire_criterion,
    save_attribute,
    save_criterion,
)
from app.reference.services.criterion_content import CRITERION, POLICIES
from app.reference.services.licences import is_open_source, spdx
from app.reference.services.registers import (
    save_category,
    save_legal_parameter,
    save_objective,
    save_qualified_service,
    withdraw_qualified_service,
)
from app.reference.services.values import Stored, checked_value
from app.reference.services.vocabulary import add_term, retire_term, save_function

__all__ = [
    "CRITERION",
    "POLICIES",
    "Stored",
    "add_criterion",
    "add_term",
    "checked_value",
    "edit_criterion",
    "is_open_source",
    "reactivate_criterion",
    "retire_criterion",
    "retire_term",
    "save_attribute",
    "save_category",
    "save_criterion",
    "save_function",
    "save_legal_parameter",
    "save_objective",
    "save_qualified_service",
    "spdx",
    "withdraw_qualified_service",
]
