"""The rules of one participant's day, as sets of slots of which only so many may be busy."""

from __future__ import annotations

from collections.abc import Iterator

from matching.scheduling.model.problem import Participant, Problem


def rests(problem: Problem, person: Participant) -> Iterator[tuple[str, tuple[int, ...], int]]:
    """(rule, slots, how many of them may be busy) for each rule and window of the day."""
    if person.free_one_of:
        yield "free_one_of", person.free_one_of, len(person.free_one_of) - person.free_count
    ends = (*problem.blocks[1:], problem.slots)
    for start, end in zip(problem.blocks, ends, strict=True):
        most = person.max_in_a_row
        if most is not None:
            for first in range(start, end - most):
                yield "max_in_a_row", tuple(range(first, first + most + 1)), most
        for first in range(start, end if person.min_gap else start):
            window = tuple(range(first, min(first + person.min_gap + 1, end)))
            if len(window) > 1:
                yield "min_gap", window, 1


def most_busy(problem: Problem, person: Participant) -> int:
    """No day within these rules has more busy slots."""
    most = problem.slots
    if person.free_one_of:
        most -= person.free_count
    ends = (*problem.blocks[1:], problem.slots)
    lengths = [end - start for start, end in zip(problem.blocks, ends, strict=True)]
    if person.max_in_a_row is not None:
        most = min(most, sum(length - length // (person.max_in_a_row + 1) for length in lengths))
    return min(most, sum(-(-length // (person.min_gap + 1)) for length in lengths))
