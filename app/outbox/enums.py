"""The life of a message."""

import enum


class MailState(enum.StrEnum):
    """UNSURE: it was being handed over when all went silent, so it may have been accepted; only a person
    sends it again."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNSURE = "unsure"
