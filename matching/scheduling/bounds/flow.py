"""The bound: a maximum-value flow that forgets only that both people of a meeting sit there at the same slot.

source -> slot [tables] -> a, if present [1] -> candidate [1] -> v -> slot, if present [1] -> sink [tables].
A delegation that may hold several activities at once has that many units at each slot.
Seats of sessions still to be placed enter as source -> session [cap] -> v: they take a slot of v, no table.
Minimums are a bonus on a person's first meetings (concave, so the flow stays integral). Where everybody
is always present the slots merge and the flow is a b-matching of at most all tables, which König's theorem
(1916) and de Werra's balanced colourings (1971) turn into a schedule of the same value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matching.scheduling.model.instance import Instance

Array = Any  # numpy arrays, imported late


class Network:
    """Arcs gathered as arrays, then solved as one min-cost circulation through a bypass of the source."""

    def __init__(self, nodes: int) -> None:
        self.nodes = nodes
        self.tails: list[Array] = []
        self.heads: list[Array] = []
        self.capacities: list[Array] = []
        self.costs: list[Array] = []

    def add(self, tail: Array, head: Array, capacity: Array, cost: Array) -> None:
        """Add arcs; a scalar stands for every arc of the call."""
        import numpy as np  # keeps `import matching.scheduling` instant

        arcs = np.broadcast_arrays(*(np.asarray(x, dtype=np.int64) for x in (tail, head, capacity, cost)))
        for store, values in zip((self.tails, self.heads, self.capacities, self.costs), arcs, strict=True):
            store.append(np.atleast_1d(values))

    def solve(self, source: int, sink: int, supply: int) -> tuple[Array, int]:
        """Flow on each arc in the order added, and the value (minus the cost)."""
        import numpy as np
        from ortools.graph.python import min_cost_flow  # heavy

        self.add(source, sink, supply, 0)
        solver = min_cost_flow.SimpleMinCostFlow()
        arrays = [np.concatenate(x) for x in (self.tails, self.heads, self.capacities, self.costs)]
        solver.add_arcs_with_capacity_and_unit_cost(*arrays)
        solver.set_nodes_supplies(
            np.array([source, sink], dtype=np.int32), np.array([supply, -supply], dtype=np.int64)
        )
        status = solver.solve()
        if status != solver.OPTIMAL:  # the bypass makes every network feasible
            raise ArithmeticError(f"min-cost flow ended with status {status}")
        flows = solver.flows(np.arange(len(arrays[0]), dtype=np.int32))
        return flows, -solver.optimal_cost()


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session with seats to fill: people who may come, each with a value, up to `cap` of them."""

    cap: int
    seats: tuple[tuple[int, int], ...]


def best_meetings(instance: Instance, sessions: Sequence[OpenSession] = ()) -> tuple[list[int], int]:
    """Meetings of a best relaxed choice, its value with bonuses: a bound once `instance.base` is added."""
    import numpy as np

    if not instance.pairs and not sessions:
        return [], 0
    people, slots, side_a = instance.people, instance.slots, instance.side_a
    hub_in, hub_out = np.arange(people), people + np.arange(people)
    source, sink = 2 * people, 2 * people + 1
    left, right = sink + 1 + np.arange(slots), sink + 1 + slots + np.arange(slots)
    network = Network(sink + 1 + 2 * slots + len(sessions))
    first, second = np.array(instance.first, dtype=np.int64), np.array(instance.second, dtype=np.int64)
    network.add(hub_out[first], hub_in[second], 1, -np.array(instance.value))
    low = np.minimum(instance.low, instance.high)
    high = np.maximum(0, instance.high)
    useful = low > 0
    network.add(hub_in[useful], hub_out[useful], low[useful], -instance.penalty)
    network.add(hub_in, hub_out, high - low, 0)
    room = sum(session.cap for session in sessions)
    ends, hubs = (source, sink), (hub_in[:side_a], hub_out[side_a:])
    supply = _add_slots(network, instance, ends, (left, right), hubs, room=room)
    for place, session in enumerate(sessions):
        stop = sink + 1 + 2 * slots + place
        network.add(source, stop, session.cap, 0)
        who, worth = np.array(session.seats, dtype=np.int64).reshape(-1, 2).T
        network.add(stop, people + who, 1, -worth)
    flows, value = network.solve(source, sink, supply)
    return np.flatnonzero(flows[: len(first)]).tolist(), int(value)


def _add_slots(
    network: Network,
    instance: Instance,
    ends: tuple[int, int],
    stops: tuple[Array, Array],
    hubs: tuple[Array, Array],
    *,
    room: int,
) -> int:
    """Connect people to the slots they attend, both sides, with `room` for seats; return the supply."""
    import numpy as np

    (source, sink), (left, right), (hubs_a, hubs_v) = ends, stops, hubs
    spare = sum(not seated for seated in instance.seated)  # remote meetings: relaxed to tables anywhere
    capacity = np.maximum(0, instance.capacity) + min(spare, instance.side_a)
    supply = int(capacity.sum())
    if instance.uniform:
        network.add(source, left[0], supply, 0)
        network.add(left[0], hubs_a, instance.slots, 0)
        network.add(hubs_v, right[0], instance.slots, 0)
        network.add(right[0], sink, supply + room, 0)
        return supply + room
    present = (np.array(instance.window, dtype=object)[:, None] >> np.arange(instance.slots)) & 1
    present = present.astype(bool)
    network.add(source, left, capacity, 0)
    at_once = present.astype(np.int64)
    for person, counts in instance.several.items():
        at_once[person] = np.maximum(0, counts)
    who, when = np.nonzero(present[: instance.side_a])
    network.add(left[when], hubs_a[who], at_once[who, when], 0)
    who, when = np.nonzero(present[instance.side_a :])
    network.add(hubs_v[who], right[when], at_once[instance.side_a + who, when], 0)
    network.add(right, sink, capacity + room, 0)
    return supply + room
