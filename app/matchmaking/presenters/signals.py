"""Names of the signals of a score, those of the buyer's objectives included."""

from collections.abc import Callable, Mapping
from typing import Any

from app.matchmaking.presenters.proposals import ProposalPage
from app.matchmaking.presenters.words import OBJECTIVE_SIGNAL


def signal_labels(objectives: Mapping[str, Any]) -> Callable[[str], str]:
    """Signal -> its name; `objectives` by key, read only for the signals of objectives."""

    def label(name: str) -> str:
        key = name.removeprefix(OBJECTIVE_SIGNAL)
        if key == name:
            return ProposalPage.signal(name)
        return str(objectives[key].label) if key in objectives else key

    return label
