"""What other domains may listen to. Sent inside the transaction of the change."""

from blinker import Signal

vendor_saved = Signal("A company was registered, or its record edited. Sent with its number, and `actor`.")
