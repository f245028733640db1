"""What other domains may listen to, inside the transaction of the change."""

from blinker import Signal

criteria_changed = Signal("A criterion was added, or what implies one was changed.")
