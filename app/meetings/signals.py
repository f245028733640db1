"""What other domains may listen to, in the transaction of the change. The sender is the wish itself."""

from blinker import Signal

meeting_refused = Signal(
    "A side wants the meeting no more; a receiver answers what that takes away, as a text."
)
