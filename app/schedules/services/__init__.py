"""Rules of the schedules: `planning` (runs), `publishing`, `repairs` (of a published schedule), `studies`,
`placing` (meetings and what is frozen), `withdrawing` and `closing` (what takes place no more), `announcing`
and `notices` (what participants are told), `addresses` (calendars to follow)."""

from app.schedules.services.addresses import make_address, reader_of, revoke_address
from app.schedules.services.planning import cancel_run, generate_schedule, record_schedule, solver_inputs
from app.schedules.services.publishing import (
    conflicts_of,
    discard_version,
    letters_of_publication,
    publish_schedule,
)
from app.schedules.services.repairs import fill_freed_slots, repair_inputs, repair_with_moves
from app.schedules.services.studies import record_study, start_study, study_inputs
from app.schedules.services.withdrawing import placement_to_refuse, refuse_placed

__all__ = [
    "cancel_run",
    "conflicts_of",
    "discard_version",
    "fill_freed_slots",
    "generate_schedule",
    "letters_of_publication",
    "make_address",
    "placement_to_refuse",
    "publish_schedule",
    "reader_of",
    "record_schedule",
    "record_study",
    "refuse_placed",
    "repair_inputs",
    "repair_with_moves",
    "revoke_address",
    "solver_inputs",
    "start_study",
    "study_inputs",
]
