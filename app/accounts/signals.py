"""What other domains may listen to. Sent inside the transaction of the change."""

from blinker import Signal

member_left = Signal(
    "Somebody left an organisation or was removed. Sent with their number, `organisation_id` and `actor`."
)
vendor_saved = Signal("A company was registered, or its record edited. Sent with its number, and `actor`.")
