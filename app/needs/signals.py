"""What other domains may listen to. Sent inside the transaction of the change, with the need's identifier."""

from blinker import Signal

need_published = Signal("A need was published, or a published need was edited.")
