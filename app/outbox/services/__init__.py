"""Writing messages, sending them, sending one again."""

from app.outbox.services.drawing import draws
from app.outbox.services.sending import send_again, send_next, take_back
from app.outbox.services.writing import Letter, Reader, muted, previewed, send_mail

__all__ = [
    "Letter",
    "Reader",
    "draws",
    "muted",
    "previewed",
    "send_again",
    "send_mail",
    "send_next",
    "take_back",
]
