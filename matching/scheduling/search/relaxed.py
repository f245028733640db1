"""The problem that the polynomial core can solve, near one with rules it does not know."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from matching.scheduling.bounds.flow import best_meetings
from matching.scheduling.bounds.relaxation import at_best_slots, forced, relaxed_bound
from matching.scheduling.model.instance import Commitments, build_instance
from matching.scheduling.model.limits import without_limits
from matching.scheduling.model.objective import Objective
from matching.scheduling.model.problem import Participant, Problem
from matching.scheduling.model.rests import most_busy, rests
from matching.scheduling.model.schedule import Schedule

Pair = tuple[str, str]
MARK = "\0"  # between a delegation's identifier and the number of one of its people


@dataclass(frozen=True, slots=True)
class Relaxed:
    """A problem of the core, and a bound in points on every schedule with the rules (None: its own)."""

    problem: Problem
    bound: float | None = None


def relax(problem: Problem) -> Relaxed:
    """Without walks nor rests, each meeting worth its best slot; who may hold several at once as several."""
    problem = without_limits(problem)
    people = tuple(_without_rests(problem, person) for person in problem.participants)
    plain = replace(at_best_slots(problem), participants=people, walks=())
    if not any(person.is_parallel for person in people):
        return Relaxed(plain)
    return Relaxed(_split(plain), relaxed_bound(plain) / Objective(plain).scale)


def _without_rests(problem: Problem, person: Participant) -> Participant:
    """Of the rules of its day only how many meetings they leave, where it holds one at a time."""
    if not person.has_rests:
        return person
    most = person.max
    if not person.is_parallel:
        busy = most_busy(problem, person)
        most = busy if most is None else min(most, busy)
    return replace(person, max=most, free_one_of=(), max_in_a_row=None, min_gap=0)


def merge(schedule: Schedule) -> Schedule:
    """Of a schedule whose delegations are split, the one of the delegations."""
    return replace(
        schedule,
        meetings=tuple(replace(m, a=_whole(m.a), v=_whole(m.v)) for m in schedule.meetings),
        groups=tuple(replace(g, vendors=tuple(map(_whole, g.vendors))) for g in schedule.groups),
    )


def _whole(identifier: str) -> str:
    return identifier.split(MARK, maxsplit=1)[0]


def _split(problem: Problem) -> Problem:
    """Delegations as so many people, each with its share of the meetings of the best flow: where everybody is
    always present its edges still colour (Koenig), and nothing is lost."""
    instance = build_instance(problem, forced(problem))
    chosen = {instance.pairs[m] for m in best_meetings(instance)[0]} | set(forced(problem).pins)
    people: list[Participant] = []
    share: dict[tuple[str, Pair], str] = {}
    for person in problem.participants:
        mine = [(c.a, c.v) for c in problem.candidates if person.id in (c.a, c.v)]
        mine += [(p.a, p.v) for p in problem.pinned if person.id in (p.a, p.v)]
        mine = sorted(dict.fromkeys(mine), key=lambda pair: (pair not in chosen, pair))
        people += _people_of(problem, person, mine, chosen, share)

    def name(pair: Pair) -> Pair:
        return share.get((pair[0], pair), pair[0]), share.get((pair[1], pair), pair[1])

    first = {
        person.id: person.id + f"{MARK}0" if person.is_parallel else person.id
        for person in problem.participants
    }
    return replace(
        problem,
        participants=tuple(people),
        candidates=tuple(replace(c, a=a, v=v) for c in problem.candidates for a, v in (name((c.a, c.v)),)),
        pinned=tuple(replace(p, a=a, v=v) for p in problem.pinned for a, v in (name((p.a, p.v)),)),
        forbidden=tuple(name(pair) for pair in problem.forbidden),
        groups=tuple(
            replace(
                g,
                ambassador=first[g.ambassador],
                vendors=tuple(replace(s, v=first[s.v]) for s in g.vendors),
            )
            for g in problem.groups
        ),
    )


def _people_of(
    problem: Problem,
    person: Participant,
    mine: list[Pair],
    chosen: Collection[Pair],
    share: dict[tuple[str, Pair], str],
) -> list[Participant]:
    if not person.is_parallel:
        return [person]
    width = max((person.capacity(slot) for slot in range(problem.slots)), default=1) or 1
    names = [f"{person.id}{MARK}{n}" for n in range(width)]
    present = [
        tuple(slot for slot in range(problem.slots) if person.capacity(slot) > n) for n in range(width)
    ]
    counts = Counter[str]()
    for pair in mine:
        n = min(range(width), key=lambda k: (counts[names[k]] / (len(present[k]) or 0.01), k))
        share[person.id, pair] = names[n]
        counts[names[n]] += 1
    held = Counter(share[person.id, pair] for pair in mine if pair in chosen)
    least, most = person.min, person.max
    split = []
    for n, name in enumerate(names):
        low = min(least, held[name])
        high = None if most is None else min(most, held[name])
        least -= low
        most = None if most is None or high is None else most - high
        split.append(Participant(name, person.side, present[n], low, high, person.table if n == 0 else None))
    last = split[0]
    split[0] = replace(
        last,
        min=last.min + least,
        max=None if last.max is None or most is None else max(last.max + most, last.min + least),
    )
    return split


def rested(
    problem: Problem, committed: Commitments, held: Mapping[Pair, int], firm: Collection[Pair]
) -> tuple[dict[Pair, int], bool]:
    """What is left once people have their rests, and whether they do: meetings give way, the least valuable
    first, pins last; sessions stay."""
    kept, complete = dict(held), True
    values, sessions = Objective(problem), _sessions(problem, committed)
    for person in problem.participants:
        for _, slots, most in rests(problem, person):
            mine = sorted(
                (pair for pair, slot in kept.items() if person.id in pair and slot in slots),
                key=lambda pair: (pair in firm, values.at(pair, kept[pair]), pair),
            )
            hosting = sessions[person.id].intersection(slots)
            while mine and len(hosting | {kept[pair] for pair in mine}) > most:
                del kept[mine.pop(0)]
            complete = complete and len(hosting) <= most
    return kept, complete


def _sessions(problem: Problem, committed: Commitments) -> dict[str, set[int]]:
    """Slots at which each person is in a session."""
    hosts = {group.id: group.ambassador for group in problem.groups}
    found: dict[str, set[int]] = defaultdict(set)
    for name, (slot, vendors) in committed.groups.items():
        for identifier in (hosts[name], *vendors):
            found[identifier].add(slot)
    return found
