"""The health page tells what works and what does not."""

from datetime import timedelta

from app.core import clock
from app.core.clock import now
from app.core.jobs import WorkerBeat
from app.outbox.enums import MailState
from app.outbox.models import Mail
from tests.clients import IsolatedClient
from tests.factories import saved


def test_health_follows_workers_and_mails(client: IsolatedClient) -> None:
    assert client.get("/sante").json["status"] == "reduced"  # type: ignore[index]  # nobody works yet
    saved(WorkerBeat(name="a"))
    found = client.get("/sante").json
    assert found is not None
    assert (found["status"], found["jobs"]["workers"], found["mail"]["failed"]) == ("ok", 1, 0)
    saved(Mail(message_id="<1@t>", recipient="a@exemple.fr", subject="x", state=MailState.FAILED))
    assert client.get("/sante").json["status"] == "reduced"  # type: ignore[index]  # a loosely typed answer
    with clock.fixed_at(now() + timedelta(seconds=31)):
        assert client.get("/sante").json["jobs"]["workers"] == 0  # type: ignore[index]  # a loosely typed answer
