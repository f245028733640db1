"""Rules of the doctrine without database: what the law asks of data, the routes to purchase it opens, and
what a note says."""

from app.doctrine.engine.determination import Answers, Harm, Result, harms_of, required_from, result_on
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
    "Answers",
    "Finding",
    "Harm",
    "NoteContent",
    "NotedDevelopment",
    "NotedRule",
    "NotedSolution",
    "NotedStep",
    "Parameter",
    "Purchase",
    "Result",
    "Route",
    "find_routes",
    "harms_of",
    "load_note",
    "required_from",
    "result_on",
]
