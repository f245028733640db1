"""What other domains may listen to. Sent inside the transaction of the change, with the offer's number."""

from blinker import Signal

offer_changed = Signal("An offer, or a claim about it, was created, edited, published, withdrawn or decided.")
