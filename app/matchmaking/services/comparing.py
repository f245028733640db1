"""What changed from one match run of a need to the next: which offers entered, left or moved, and why."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from app.matchmaking.enums import Cause, Move
from app.matchmaking.models import MatchRun
from app.matchmaking.queries.runs import OfferState

Outcomes = Mapping[int, Mapping[str, bool]]
"""Offer -> criterion required -> whether it is met."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two runs: offers by kind in order, and what is known of the requirements of those listed."""

    ranks: Mapping[str, Sequence[int]]
    outcomes: Outcomes


@dataclass(frozen=True, slots=True)
class Change:
    """One offer of one kind; `before` and `after` are its ranks, None where it is not in the list."""

    offer_id: int
    kind: str
    move: Move
    before: int | None
    after: int | None
    cause: Cause
    criterion: str | None = None


def changes_between(
    before: Side, after: Side, offers: Mapping[int, OfferState], since: datetime, whole: Cause | None
) -> list[dict[str, object]]:
    """As JSON keeps them, by kind and rank. `whole` is a cause that holds for the whole run (the need itself
    changed); `since` is when the first run was made."""
    found = []
    for kind in {**before.ranks, **after.ranks}:
        old, new = before.ranks.get(kind, ()), after.ranks.get(kind, ())
        moved = _moved(old, new)
        for offer_id in dict.fromkeys([*new, *old]):
            first = old.index(offer_id) + 1 if offer_id in old else None
            last = new.index(offer_id) + 1 if offer_id in new else None
            if first is not None and last is not None and offer_id not in moved:
                continue
            move = Move.ENTERED if first is None else Move.LEFT if last is None else Move.MOVED
            cause, criterion = whole, None
            if cause is None:
                cause, criterion = _cause(move, offer_id, (before, after), offers.get(offer_id), since)
            found.append(asdict(Change(offer_id, kind, move, first, last, cause, criterion)))
    return found


def side_of(run: MatchRun) -> Side:
    """A run as it was kept."""
    ranks: dict[str, list[int]] = {kind: [] for kind in run.exclusions}
    outcomes: dict[int, dict[str, bool]] = {}
    for proposal in run.proposals:
        ranks.setdefault(proposal.offer.kind.value, []).append(proposal.offer_id)
        outcomes[proposal.offer_id] = dict.fromkeys(run.required, True)
    for miss in run.near_misses:
        outcomes[miss["offer_id"]] = dict.fromkeys(run.required, True) | {miss["failing"]["criterion"]: False}
    return Side(ranks, outcomes)


def _moved(old: Sequence[int], new: Sequence[int]) -> set[int]:
    """Offers of both lists that changed places: all but the longest run that keeps its order."""
    place = {offer_id: rank for rank, offer_id in enumerate(old)}
    common = [offer_id for offer_id in new if offer_id in place]
    tails: list[int] = []
    chains: list[tuple[int, ...]] = []
    for offer_id in common:
        at = bisect_left(tails, place[offer_id])
        chain = (*(chains[at - 1] if at else ()), offer_id)
        tails[at : at + 1], chains[at : at + 1] = [place[offer_id]], [chain]
    return set(common) - set(chains[-1] if chains else ())


def _cause(
    move: Move, offer_id: int, sides: tuple[Side, Side], state: OfferState | None, since: datetime
) -> tuple[Cause, str | None]:
    before, after = sides
    if state is None or not state.is_published:
        return Cause.OFFER_WITHDRAWN, None
    if move is Move.LEFT and (lost := _unmet(after, offer_id)):
        return Cause.CRITERION_LOST, lost
    if move is Move.ENTERED and (won := _unmet(before, offer_id)):
        return Cause.CRITERION_MET, won
    if state.published_at is not None and state.published_at > since:
        return (Cause.OFFER_PUBLISHED if move is Move.ENTERED else Cause.OFFER_EDITED), None
    return (Cause.OFFER_EDITED if state.updated_at > since else Cause.OTHERS), None


def _unmet(side: Side, offer_id: int) -> str | None:
    return next((key for key, met in side.outcomes.get(offer_id, {}).items() if not met), None)
