"""The door of repairs: what happened, and the schedule it leaves with every difference told."""

from matching.scheduling.repair.changes import Change, Lost, SessionChange
from matching.scheduling.repair.events import Absence, Event, LostTables, Newcomer
from matching.scheduling.repair.repair import Repair, repair

__all__ = [
    "Absence",
    "Change",
    "Event",
    "Lost",
    "LostTables",
    "Newcomer",
    "Repair",
    "SessionChange",
    "repair",
]
