"""What the pages of the doctrine show."""

from app.doctrine.presenters.determinations import DeterminationView, determination_view
from app.doctrine.presenters.notes import NoteView, note_view
from app.doctrine.presenters.routes import RouteLine, route_lines
from app.doctrine.presenters.steps import procedure_of
from app.doctrine.presenters.words import GROUNDS, HARMS, OUTCOMES, SET_ASIDE, STEPS, WAYS

__all__ = [
    "GROUNDS",
    "HARMS",
    "OUTCOMES",
    "SET_ASIDE",
    "STEPS",
    "WAYS",
    "DeterminationView",
    "NoteView",
    "RouteLine",
    "determination_view",
    "note_view",
    "procedure_of",
    "route_lines",
]
