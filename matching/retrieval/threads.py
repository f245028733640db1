"""Manners of the OpenMP threads that the engines start."""

from __future__ import annotations

import os


def rest_while_waiting() -> None:
    """Make OpenMP threads sleep, not spin, while they wait; to call before an engine is loaded.

    Spinning is faster alone and ruinous when several processes share the cores: a query went from 24 ms to
    600 ms on two busy cores. An operator's own OMP_WAIT_POLICY stands.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
