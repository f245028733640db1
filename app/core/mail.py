"""Mail, sent by a background job once the change it tells of has committed, and tried again when it fails."""

from flask_mailman import EmailMessage

from app.core.jobs import Job, enqueue, handler


def send_mail(*, to: list[str], subject: str, body: str) -> None:
    """One message to each address, so that nobody sees who else received it."""
    for address in to:
        enqueue("mail", to=address, subject=subject, body=body)


@handler("mail")
def _deliver(job: Job) -> None:
    EmailMessage(subject=job.payload["subject"], body=job.payload["body"], to=[job.payload["to"]]).send()
