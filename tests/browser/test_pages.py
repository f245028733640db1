"""Every page of every role: it answers, axe finds nothing, nothing scrolls sideways at three widths."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Visit

PAGES = {
    "": [
        "/",
        "/offres",
        "/offres?q=messagerie",
        "/offres/tchap",
        "/offres/tchap/proches",
        "/offres/tchap/versions",
        "/offres/tchap/versions/1",
        "/offres/tchap/versions/comparer",
        "/solutions-mutualisees",
        "/fournisseurs",
        "/fournisseurs/armorique-messages-demo",
        "/besoins",
        "/besoins/1",
        "/besoins/1/versions",
        "/besoins/1/versions/1",
        "/besoins/1/versions/comparer",
        "/evenements",
        "/evenements/rencontre-de-cooperation-de-bercy",
        "/evenements/rencontre-de-cooperation-de-bercy/versions",
        "/evenements/rencontre-de-cooperation-de-bercy/versions/1",
        "/evenements/rencontre-de-cooperation-de-bercy/versions/comparer",
        "/doctrine",
        "/accessibilite",
        "/mentions-legales",
        "/connexion",
        "/inscription",
        "/mot-de-passe-oublie",
        "/page-qui-n-existe-pas",
    ],
    "ambassador": [
        "/tableau-de-bord",
        "/mes-besoins",
        "/besoins/nouveau",
        "/besoins/1",
        "/besoins/1/modifier",
        "/besoins/1/publier",
        "/besoins/1/brouillon/abandonner",
        "/besoins/1/propositions",
        "/besoins/1/priorites",
        "/besoins/1/proches",
        "/besoins/1/selection",
        "/besoins/1/clore",
        "/ensembles",
        "/ensembles?fonction_1=visioconférence&fonction_2=messagerie&exige_open_source=declared",
        "/rencontres",
        "/mon-agenda",
        "/compte",
    ],
    "vendor": [
        "/tableau-de-bord",
        "/mes-offres",
        "/mes-offres/nouvelle",
        "/besoins-correspondants",
        "/rencontres",
        "/mon-agenda",
        "/entreprise",
    ],
    "organiser": [
        "/tableau-de-bord",
        "/organisation-evenements",
        "/organisation-evenements/nouveau",
        "/organisation-evenements/rencontre-de-cooperation-de-bercy",
        "/organisation-evenements/rencontre-de-cooperation-de-bercy/modifier",
        "/organisation-evenements/rencontre-de-cooperation-de-bercy/creneaux",
        "/organisation-evenements/rencontre-de-cooperation-de-bercy/publier",
        "/organisation-evenements/rencontre-de-cooperation-de-bercy/participants",
        "/organisation-evenements/rencontre-de-cooperation-de-bercy/participants/nouveau",
        "/organisation-evenements/rencontre-de-cooperation-de-bercy/participants/1",
        "/organisation-evenements/rencontre-de-cooperation-de-bercy/participants/1/retirer",
        "/organisation-evenements/rencontre-de-cooperation-de-bercy/souhaits",
        "/organisation-evenements/rencontre-de-cooperation-de-bercy/souhaits/regle",
        "/organisation-evenements/rencontre-de-cooperation-de-bercy/sessions",
        "/organisation-evenements/rencontre-de-cooperation-de-bercy/planning",
        "/organisation-evenements/rencontre-de-cooperation-de-bercy/jour-j",
        "/organisation-evenements/rencontre-de-cooperation-de-bercy/planning/versions/1",
    ],
    "moderator": [
        "/tableau-de-bord",
        "/moderation",
        "/moderation/attestations",
        "/moderation/attestations/1",
        "/moderation/referentiels",
        "/moderation/referentiels/criteres",
        "/moderation/referentiels/criteres/nouveau",
        "/moderation/referentiels/criteres/eu_hosting",
        "/moderation/referentiels/criteres/eu_hosting/retirer",
        "/moderation/avis",
        "/moderation/journal",
    ],
}


@pytest.mark.parametrize("width", [1280, 375, 320])
@pytest.mark.parametrize("role", list(PAGES))
def test_pages(open_as: Visit, check: Callable[[Page], None], role: str, width: int) -> None:
    page = open_as(role, width=width)
    for path in PAGES[role]:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == (404 if "n-existe-pas" in path else 200), path
        check(page)


def test_pages_without_javascript(open_as: Visit) -> None:
    page = open_as("ambassador", javascript=False)
    for path in PAGES["ambassador"]:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        assert page.locator("h1").count() == 1, path


def test_english(open_as: Visit, check: Callable[[Page], None]) -> None:
    page = open_as()
    page.goto("/")
    page.locator(".fr-header__tools").get_by_role("button", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    check(page)
