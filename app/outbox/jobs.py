"""The worker's lane for mail sends what the outbox holds."""

from app.core.jobs import Lane, step
from app.outbox.services import send_next

step(Lane.MAIL)(send_next)
