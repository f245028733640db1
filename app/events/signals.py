"""What other domains may listen to, in the transaction of the change. The sender is the row itself."""

from blinker import Signal

event_changing = Signal("An event is being edited, with its new `rooms`: a receiver raises what forbids it.")
delegation_leaving = Signal("A delegation is about to be removed: a receiver raises what forbids it.")
programme_moved = Signal("The slots of an event whose schedule is published changed their hours.")
