"""What other domains may listen to, inside the transaction of the change."""

from blinker import Signal

claim_changed = Signal(
    "A claim was made, decided, withdrawn. Sent with the offer's number, None for a whole organisation, and "
    "`organisation_id`."
)
