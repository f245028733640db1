"""Rules of the doctrine without database: the routes to purchase a day's law opens, and what a note says."""

from app.doctrine.engine.note import (
    NoteContent,
    NotedDevelopment,
    NotedRule,
    NotedSolution,
    NotedStep,
    load_note,
)
from app.doctrine.engine.route import Finding, Parameter, Purchase, Route, find_routes

__all__ = [
    "Finding",
    "NoteContent",
    "NotedDevelopment",
    "NotedRule",
    "NotedSolution",
    "NotedStep",
    "Parameter",
    "Purchase",
    "Route",
    "find_routes",
    "load_note",
]
