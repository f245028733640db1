"""Every page, as each role, with every field and argument filled with nasty values: no answer is a crash."""

import itertools
import os
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from werkzeug.routing import Rule

from app.accounts.models import User
from app.permissions import Role
from tests.clients import IsolatedClient, another_client
from tests.factories import make_category, make_need, make_offer, make_user
from tests.integration.events.factories import make_event, make_pair, make_request, make_version

NASTY = (
    "\x00",
    "a\x00b\r\nBcc: x@exemple.fr",
    "99999999999999999999",
    "-1",
    "12345678901234",
    "1e999",
    "nan",
    "’; DROP TABLE offer; --",
    "%(name)s {{ 7*7 }} %s",
    "[" * 2000,
    "mot " * 2000,
    "2026-02-30",
    "0000-00-00T99:99",
    "\u202eabc\ufeff\u0085",
    "/\t/ailleurs.example",
    "É" * 5000,
    "",
)
NAMES_IN_PAGE = re.compile(r'<(?:input|select|textarea|button)[^>]*\bname="([^"]+)"')
ARGUMENTS = (
    *("q", "page", "avant", "apres", "etat", "tri", "categorie", "critere", "vue", "avec", "next", "besoin"),
    *("offre", "recherche", "version", "revoir"),
)
POSTS_A_FORM = 3
SEED = 20261127
SAMPLE = 0.4
"""Of the pages and people tried on PostgreSQL, unless FUZZ_WHOLE is set: whole, it takes minutes there."""


@dataclass(frozen=True, slots=True)
class Portal:
    """A little of everything: the address of each thing, and a person of each role (None: a visitor)."""

    slugs: dict[str, str]
    people: list[User | None]


def test_no_page_crashes_whatever_is_sent(app: Flask) -> None:
    app.testing = False  # a crash is answered, as in production, and counted
    portal, generator = furnished(), random.Random(SEED)
    statuses: Counter[int] = Counter()
    crashes = []
    whole = "TEST_ON_POSTGRES" not in os.environ or "FUZZ_WHOLE" in os.environ
    for person, rule in itertools.product(portal.people, app.url_map.iter_rules()):
        if not whole and generator.random() > SAMPLE:
            continue
        client = another_client(app)
        if person is not None:
            client.sign_in(person)
        for method, address, data in attacks(client, rule, portal, generator):
            query = {name: generator.choice(NASTY) for name in generator.sample(ARGUMENTS, 2)}
            answer = client.open(address, method=method, data=data, query_string=query)
            statuses[answer.status_code] += 1
            if answer.status_code >= 500:
                crashes.append((method, address, data, query))
            if rule.endpoint.endswith("sign_out") and person is not None:
                client.sign_in(person)
    print(f"{statuses.total()} requests: {dict(sorted(statuses.items()))}")  # noqa: T201 - the count reported
    assert crashes == []
    assert statuses.total() > (2000 if whole else 2000 * SAMPLE)


def furnished() -> Portal:
    make_category()
    need, offer, event = make_need(), make_offer(), make_event()
    administration, vendor = make_pair(event)
    make_request(administration, vendor)
    make_version(event, [(administration, vendor, 0)])
    people = [
        None,
        make_user(Role.ORGANISER),
        make_user(Role.MODERATOR),
        make_user(Role.AMBASSADOR, need.organisation),
        make_user(Role.VENDOR, offer.organisation),
        make_user(Role.VENDOR, vendor.organisation),
    ]
    assert offer.organisation is not None
    slugs = {"/evenements": event.slug, "/organisation-evenements": event.slug, "/offres": offer.slug}
    return Portal(slugs | {"/mes-offres": offer.slug, "/fournisseurs": offer.organisation.slug}, people)


def attacks(
    client: IsolatedClient, rule: Rule, portal: Portal, generator: random.Random
) -> Iterator[tuple[str, str, dict[str, str] | None]]:
    """A GET of an address that exists and of one that cannot, then POSTs of its fields filled badly."""
    methods = rule.methods or set()
    if rule.endpoint == "static":
        return
    wrong = generator.choice(("%00", "99999999999", "a%0Ab", "é" * 99))
    for address in (existing(rule, portal), filled(rule, wrong)):
        names = {"version", "note", "reason"}
        if "GET" in methods:
            yield "GET", address, None
            names |= set(NAMES_IN_PAGE.findall(client.get(address).data.decode(errors="replace")))
        if "POST" in methods:
            for _try in range(POSTS_A_FORM):
                yield "POST", address, {name: generator.choice(NASTY) for name in sorted(names)}


def existing(rule: Rule, portal: Portal) -> str:
    slug = next((slug for prefix, slug in portal.slugs.items() if rule.rule.startswith(prefix)), "1")
    return filled(rule, slug).replace("=int=", "1")


def filled(rule: Rule, value: str) -> str:
    """The rule's address; of a choice its first, of a number the mark =int= where `value` is a slug."""

    def part(found: re.Match[str]) -> str:
        if found.group(1) is not None:
            return found.group(1).strip('" ')
        return "=int=" if "int" in found.group() and not value[0].isdigit() and "%" not in value else value

    return re.sub(r"<(?:any\(([^,)]*)[^>]*|[^>]*)>", part, rule.rule)


pytestmark = pytest.mark.slow
