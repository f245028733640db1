"""Moderators see every message, an event's team its own; both send again what did not leave."""

from app.core.clock import now
from app.outbox.enums import MailState
from app.outbox.models import Mail
from app.permissions import Role
from tests.clients import IsolatedClient
from tests.factories import make_user, saved
from tests.integration.events.factories import make_event
from tests.query_counts import counted_queries


def make_mail(number: int = 1, **values: object) -> Mail:
    defaults = {
        "message_id": f"<{number}@t>",
        "recipient": f"p{number}@exemple.fr",
        "subject": f"Objet {number}",
    }
    return saved(Mail(**defaults | {"body": "Bonjour."} | values))


def test_a_moderator_sees_them_all_and_sends_one_again(client: IsolatedClient) -> None:
    failed = make_mail(1, state=MailState.FAILED, attempts=10, error="550 inconnu")
    make_mail(2, state=MailState.SENT, sent_at=now())
    client.sign_in(make_user(Role.MODERATOR))
    page = client.get("/moderation/courriels").text
    assert "p1@exemple.fr" in page
    assert "p2@exemple.fr" in page
    assert page.count("Renvoyer") == 1
    assert "550 inconnu" in client.get("/moderation/courriels?etat=failed").text
    assert "p1@exemple.fr" not in client.get("/moderation/courriels?etat=sent").text
    assert client.post(f"/moderation/courriels/{failed.id}/renvoyer").status_code == 302
    assert "va repartir" in client.get("/moderation/courriels").text
    assert (failed.state, failed.attempts) == (MailState.WAITING, 0)


def test_one_that_left_is_not_sent_again(client: IsolatedClient) -> None:
    sent = make_mail(state=MailState.SENT, sent_at=now())
    client.sign_in(make_user(Role.MODERATOR))
    assert client.post(f"/moderation/courriels/{sent.id}/renvoyer").status_code == 409
    assert sent.state is MailState.SENT


def test_others_do_not_see_them(client: IsolatedClient) -> None:
    client.sign_in(make_user(Role.ORGANISER))
    assert client.get("/moderation/courriels").status_code == 404


def test_a_team_sees_its_event_only(client: IsolatedClient) -> None:
    event, other = make_event(), make_event()
    mine = make_mail(1, event_id=event.id, state=MailState.UNSURE)
    theirs = make_mail(2, event_id=other.id, state=MailState.UNSURE)
    client.sign_in(make_user(Role.ORGANISER))
    address = f"/organisation-evenements/{event.slug}/envois"
    page = client.get(address).text
    assert "p1@exemple.fr" in page
    assert "p2@exemple.fr" not in page
    assert client.post(f"{address}/{theirs.id}/renvoyer").status_code == 404
    assert client.post(f"{address}/{mine.id}/renvoyer").status_code == 302
    assert (mine.state, theirs.state) == (MailState.WAITING, MailState.UNSURE)


def test_the_list_costs_the_same_however_long(client: IsolatedClient) -> None:
    client.sign_in(make_user(Role.MODERATOR))
    counts = []
    for number in range(1, 4):
        make_mail(number)
        with counted_queries() as statements:
            client.get("/moderation/courriels")
        counts.append(len(statements))
    assert counts[0] == counts[2]


def test_older_messages_are_on_the_next_page(client: IsolatedClient) -> None:
    for number in range(1, 53):
        make_mail(number)
    client.sign_in(make_user(Role.MODERATOR))
    first = client.get("/moderation/courriels").text
    assert "p52@exemple.fr" in first
    assert "p2@exemple.fr" not in first
    assert "avant=3" in first
    assert "p2@exemple.fr" in client.get("/moderation/courriels?avant=3").text
