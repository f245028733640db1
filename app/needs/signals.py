"""What other domains may listen to, in the transaction of the change, and what they are asked."""

from blinker import Signal

need_published = Signal("A need was published, or a published need was edited. Sent with its identifier.")
concern_asked = Signal(
    "Asks whether a need concerns one of `organisations` (identifiers of vendors). Sent with its identifier."
)
