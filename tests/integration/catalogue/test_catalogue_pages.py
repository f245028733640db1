"""Pages of the catalogue: facets and their counts, words, order, empty pages, cost."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from app.claims.enums import ClaimStatus
from app.core.clock import now
from app.core.db import commit, db
from app.matchmaking.services.indexing import note_offer_change
from app.offers.enums import OfferKind, OfferStatus
from app.offers.signals import offer_changed
from tests.clients import IsolatedClient
from tests.factories import (
    make_administration,
    make_category,
    make_criterion,
    make_offer,
    make_vendor,
)
from tests.query_counts import counted_queries


def names_in(page: str, *names: str) -> list[str]:
    """Those of `names` the page shows, in the order of the page."""
    return sorted((name for name in names if name in page), key=page.index)


def test_browse_shows_published_offers_mutualised_first(client: IsolatedClient) -> None:
    make_offer(name="Zèbre", kind=OfferKind.MUTUALISED, organisation=make_administration())
    make_offer(name="Antilope")
    make_offer(name="Brouillon secret", status=OfferStatus.DRAFT, published_at=None)
    make_offer(name="Belette", kind=OfferKind.FREE_SOFTWARE)
    page = client.get("/offres").text
    assert "3\N{NO-BREAK SPACE}offres" in page
    assert names_in(page, "Antilope", "Belette", "Zèbre") == ["Zèbre", "Antilope", "Belette"]
    assert "Brouillon secret" not in page


def test_browse_by_criterion_tells_declared_from_verified(client: IsolatedClient) -> None:
    make_criterion("open_source", label_fr="Code libre")
    make_offer(name="Vérifiée", facts={"open_source": ClaimStatus.VERIFIED})
    make_offer(name="Déclarée", facts={"open_source": ClaimStatus.DECLARED})
    make_offer(name="Réfutée", facts={"open_source": ClaimStatus.CONTRADICTED})
    make_offer(name="Muette")
    every = client.get("/offres").text
    assert "Code libre (2)" in every
    assert "Code libre (1)" in every
    declared = client.get("/offres?critere=open_source").text
    assert names_in(declared, "Vérifiée", "Déclarée", "Réfutée", "Muette") == ["Déclarée", "Vérifiée"]
    verified = client.get("/offres?verifie=open_source").text
    assert names_in(verified, "Vérifiée", "Déclarée", "Réfutée", "Muette") == ["Vérifiée"]


def test_browse_combines_facets_and_keeps_what_was_ticked(client: IsolatedClient) -> None:
    make_category("48000000", label_fr="Logiciels")
    german = make_vendor(country="DE")
    make_offer(german, name="Ada", licence="MIT", categories=[make_category("48000000")])
    make_offer(name="Blaise", licence="EUPL-1.2")
    make_offer(german, name="Carl")
    page = client.get("/offres?pays=DE&categorie=48&tri=nom").text
    assert names_in(page, "Ada", "Blaise", "Carl") == ["Ada"]
    assert 'value="DE" id="facet-pays-1" checked' in page
    assert "Allemagne (1)" in page
    assert 'name="tri" value="nom"' in page
    both = client.get("/offres?licence=MIT&licence=EUPL-1.2").text
    assert names_in(both, "Ada", "Blaise", "Carl") == ["Ada", "Blaise"]


def test_browse_orders_by_name_and_by_date(client: IsolatedClient) -> None:
    make_offer(name="Ancienne", published_at=now() - timedelta(days=9))
    make_offer(name="Nouvelle", published_at=now())
    make_offer(name="Autre", published_at=now() - timedelta(days=1))
    newest = client.get("/offres?tri=recent").text
    assert names_in(newest, "Ancienne", "Nouvelle", "Autre") == ["Nouvelle", "Autre", "Ancienne"]
    by_name = client.get("/offres?tri=nom").text
    assert names_in(by_name, "Ancienne", "Nouvelle", "Autre") == ["Ancienne", "Autre", "Nouvelle"]
    assert client.get("/offres?tri=n’importe").status_code == 200


def test_browse_without_a_match_says_what_to_do(client: IsolatedClient) -> None:
    make_offer()
    page = client.get("/offres?pays=XX").text
    assert "Aucune offre ne correspond" in page
    assert "0\N{NO-BREAK SPACE}offre<" in page


def test_browse_pages_stay_within_bounds(client: IsolatedClient) -> None:
    vendor = make_vendor()
    for number in range(21):
        make_offer(vendor, name=f"Numéro {number:02d}")
    second = client.get("/offres?page=2").text
    assert "Numéro 20" in second
    assert "Numéro 19" not in second
    assert client.get("/offres?page=99").text.count("Numéro 20") == second.count("Numéro 20")
    for odd in ("x", "-1", "9" * 30, "9" * 5_000, "1e3"):
        assert client.get(f"/offres?page={odd}").status_code == 422


def test_filters_that_hide_every_answer_say_so(client: IsolatedClient, run_jobs: Callable[[], int]) -> None:
    chat = make_offer(name="Salon", summary="Messagerie instantanée", description="Messagerie instantanée.")
    cloud = make_offer(
        name="Nuage",
        summary="Machines virtuelles",
        description="Des machines virtuelles.",
        facts={"secnumcloud": ClaimStatus.VERIFIED},
    )
    for offer in (chat, cloud):
        offer_changed.send(offer.id)
    commit()
    run_jobs()
    told = "ne passe vos filtres"
    assert told not in client.get("/offres?q=messagerie instantanée").text
    page = client.get("/offres?q=messagerie instantanée&verifie=secnumcloud").text
    assert told in page
    assert names_in(page, "Salon") == ["Salon"]


def test_browse_by_words_puts_the_closest_first(client: IsolatedClient, run_jobs: Callable[[], int]) -> None:
    texts = {
        "Tableur": "Feuilles de calcul partagées et tableaux.",
        "Messagerie": "Messagerie instantanée chiffrée entre agents.",
    }
    for name, text in texts.items():
        offer = make_offer(name=name, summary=text, description=text)
        offer_changed.send(offer.id)
    commit()
    run_jobs()
    page = client.get("/offres?q=messagerie instantanée").text
    assert names_in(page, *texts) == ["Messagerie"]  # nothing in the other speaks of it
    assert 'value="messagerie instantanée"' in page
    nonsense = client.get("/offres?q=zzzzqqq").text
    assert "Rien au catalogue ne parle de" in nonsense
    assert "Les plus proches, probablement hors sujet" in nonsense


def test_browse_by_words_escapes_them(client: IsolatedClient) -> None:
    make_offer()
    page = client.get("/offres?q=<script>alert(1)</script>").text
    assert "<script>alert(1)" not in page


def test_browse_ignores_expired_claims(client: IsolatedClient) -> None:
    offer = make_offer(name="Périmée", facts={"open_source": ClaimStatus.VERIFIED})
    offer.claims[0].valid_until = date(2026, 11, 21)
    assert "Périmée" not in client.get("/offres?critere=open_source").text


def test_mutualised_groups_by_circle_with_source_and_date(client: IsolatedClient) -> None:
    operator = make_administration(name="Direction du numérique", acronym="DINUM")
    values: dict[str, Any] = {
        "kind": OfferKind.MUTUALISED,
        "source": "Registre",
        "source_on": date(2026, 8, 20),
    }
    make_offer(operator, name="Tchap", circle=1, users_scope="agents de l’État", **values)
    make_offer(operator, name="Grist", circle=3, **values)
    make_offer(operator, name="Chorus", **values)
    make_offer(name="Offre privée")
    page = client.get("/solutions-mutualisees").text
    order = names_in(
        page, "premier cercle", "Tchap", "troisième cercle", "Grist", "Autres solutions", "Chorus"
    )
    assert order == ["premier cercle", "Tchap", "troisième cercle", "Grist", "Autres solutions", "Chorus"]
    for text in ("DINUM", "agents de l’État", "Registre", "20 août 2026"):
        assert text in page
    assert "deuxième cercle" not in page
    assert "Offre privée" not in page


def test_mutualised_without_solutions_says_so(client: IsolatedClient) -> None:
    assert "Aucune solution déclarée" in client.get("/solutions-mutualisees").text


def test_vendors_are_found_by_name_or_city(client: IsolatedClient) -> None:
    make_offer(make_vendor(name="Abeille", city="Lyon"))
    make_vendor(name="Bourdon", city="Nantes")
    make_administration(name="Ministère discret")
    every = client.get("/fournisseurs").text
    assert names_in(every, "Abeille", "Bourdon", "Ministère discret") == ["Abeille", "Bourdon"]
    assert names_in(client.get("/fournisseurs?q=nantes").text, "Abeille", "Bourdon") == ["Bourdon"]
    make_vendor(name="Écureuil", city="Œuilly")
    for typed in ("ecureuil", "ÉCUREUIL", "oeuilly", "œuilly"):
        assert names_in(client.get(f"/fournisseurs?q={typed}").text, "Écureuil", "Abeille") == ["Écureuil"]
    missing = client.get("/fournisseurs?q=100%25_").text
    assert "Aucun fournisseur à ce nom" in missing
    assert 'value="100%_"' in missing


@pytest.mark.parametrize("asked", [2**31, 2**63, "9" * 5_000, "-1", "x"])
@pytest.mark.parametrize("path", ["/fournisseurs", "/besoins"])
def test_a_part_after_what_is_no_row_is_refused(client: IsolatedClient, path: str, asked: object) -> None:
    for name in ("apres", "avant"):
        assert client.get(f"{path}?{name}={asked}").status_code == 422


@pytest.mark.parametrize("path", ["/offres", "/solutions-mutualisees", "/fournisseurs"])
def test_lists_cost_the_same_with_three_offers(client: IsolatedClient, app: Flask, path: str) -> None:
    make_category("48000000")
    counts = []
    for added in (1, 2):
        for _ in range(added):
            market = make_offer(facts={"open_source": ClaimStatus.DECLARED})
            shared = make_offer(make_administration(), kind=OfferKind.MUTUALISED)
            for offer in (market, shared):
                offer.categories = [make_category("48000000")]
                note_offer_change(offer.id)
        db.session.commit()
        client.get(path)  # reads what has changed
        with counted_queries() as statements:
            assert client.get(path).status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1]
