"""A partial schedule under construction: which meeting each person has at each slot, always valid."""

from __future__ import annotations

from matching.scheduling.model.instance import Instance


class Grid:
    """Slot of each meeting and meeting of each person and slot (-1: none), free slots as bits, loads."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.slot = [-1] * len(instance.pairs)
        self.at = [-1] * (instance.people * instance.slots)
        self.free = list(instance.window)
        self.load = [0] * instance.slots
        self.open = sum(1 << t for t, tables in enumerate(instance.capacity) if tables > 0)
        self.count = [0] * instance.people
        self.held: list[set[int]] = [set() for _ in range(instance.slots)]
        self.value = 0

    def gain(self, meeting: int) -> int:
        """What placing an unplaced meeting adds to the value, shortfall bonuses included."""
        instance, count = self.instance, self.count
        a, v = instance.first[meeting], instance.second[meeting]
        bonus = (count[a] < instance.low[a]) + (count[v] < instance.low[v])
        return instance.value[meeting] + instance.penalty * bonus

    def fits(self, meeting: int, slot: int) -> bool:
        """Whether an unplaced meeting can be put there as things stand."""
        instance = self.instance
        a, v = instance.first[meeting], instance.second[meeting]
        return bool(
            self.free[a] & self.free[v] & (1 << slot)
            and self.count[a] < instance.high[a]
            and self.count[v] < instance.high[v]
            and (not instance.seated[meeting] or self.open >> slot & 1)
        )

    def place(self, meeting: int, slot: int) -> None:
        """Put an unplaced meeting at a slot free for both, counting its table."""
        instance = self.instance
        a, v = instance.first[meeting], instance.second[meeting]
        self.value += self.gain(meeting)
        self.count[a] += 1
        self.count[v] += 1
        self._sit(meeting, a, v, slot)
        if instance.seated[meeting]:
            self._add_load(slot, 1)

    def remove(self, meeting: int) -> None:
        """Take a placed meeting out."""
        instance, slot = self.instance, self.slot[meeting]
        a, v = instance.first[meeting], instance.second[meeting]
        self._stand(meeting, a, v, slot)
        self.count[a] -= 1
        self.count[v] -= 1
        self.value -= self.gain(meeting)
        if instance.seated[meeting]:
            self._add_load(slot, -1)

    def swap(self, chain: list[int], one: int, other: int) -> None:
        """Exchange the two slots along an alternating chain of meetings."""
        instance = self.instance
        moves = [(m, other if self.slot[m] == one else one) for m in chain]
        for meeting, slot in moves:
            self._stand(meeting, instance.first[meeting], instance.second[meeting], self.slot[meeting])
            if instance.seated[meeting]:
                self._add_load(one if slot == other else other, -1)
        for meeting, slot in moves:
            self._sit(meeting, instance.first[meeting], instance.second[meeting], slot)
            if instance.seated[meeting]:
                self._add_load(slot, 1)

    def load_all(self, slots: list[int]) -> None:
        """Replace the content by a copy of another grid's `slot`."""
        for meeting, slot in enumerate(self.slot):
            if slot >= 0 and slot != slots[meeting]:
                self.remove(meeting)
        for meeting, slot in enumerate(slots):
            if slot >= 0 and self.slot[meeting] < 0:
                self.place(meeting, slot)

    def roomiest(self, slots: int) -> int:
        """Among these slots (bits), the one with most tables left, the first of equals."""
        load, capacity = self.load, self.instance.capacity
        best, best_left = -1, -(10**9)
        while slots:
            slot = (slots & -slots).bit_length() - 1
            slots &= slots - 1
            if capacity[slot] - load[slot] > best_left:
                best, best_left = slot, capacity[slot] - load[slot]
        return best

    def _sit(self, meeting: int, a: int, v: int, slot: int) -> None:
        width, bit = self.instance.slots, 1 << slot
        self.slot[meeting] = slot
        self.at[a * width + slot] = meeting
        self.at[v * width + slot] = meeting
        self.free[a] &= ~bit
        self.free[v] &= ~bit
        self.held[slot].add(meeting)

    def _stand(self, meeting: int, a: int, v: int, slot: int) -> None:
        width, bit = self.instance.slots, 1 << slot
        self.slot[meeting] = -1
        self.at[a * width + slot] = -1
        self.at[v * width + slot] = -1
        self.free[a] |= bit
        self.free[v] |= bit
        self.held[slot].discard(meeting)

    def _add_load(self, slot: int, change: int) -> None:
        self.load[slot] += change
        if self.load[slot] < self.instance.capacity[slot]:
            self.open |= 1 << slot
        else:
            self.open &= ~(1 << slot)
