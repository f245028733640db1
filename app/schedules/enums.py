"""States of versions, and what a solver says of them."""

import enum


class VersionState(enum.StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


class SolverStatus(enum.StrEnum):
    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
