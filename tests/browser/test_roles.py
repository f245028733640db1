"""Each role's path, from sign-in to done, on the real portal: real worker, real solver, real embeddings."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit

Check = Callable[[Page], None]
EVENT = "/organisation-evenements/rencontre-des-outils-du-quotidien-demonstration"


def test_an_ambassador_from_need_to_meeting_request(open_as: Visit, check: Check) -> None:
    page = open_as("ambassador")
    page.goto("/besoins/nouveau")
    page.get_by_label("Votre besoin, en une phrase").fill("Messagerie instantanée en mobilité")
    page.get_by_label("Ce dont vous avez besoin").fill(
        "Nos agents échangent des messages et des photographies depuis leur téléphone, dans des salons"
        " de discussion chiffrés, rattachés à l’annuaire, y compris avec d’autres administrations."
    )
    before = page.locator("#eligible")
    expect(before).to_contain_text("offres du marché éligibles")
    everything = before.inner_text()
    page.get_by_label("Logiciel libre").select_option("verified")
    expect(before).not_to_have_text(everything)
    check(page)
    page.get_by_role("button", name="Relire et publier…").click()
    check(page)
    page.get_by_role("button", name="Publier", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("publié")
    page.get_by_role("link", name="Voir les propositions").click()
    expect(page.locator("#kind-mutualised")).to_be_visible(timeout=60_000)  # the page follows its own search
    headings = page.locator("h2[id^=kind-]").all_inner_texts()
    assert [heading[0] for heading in headings] == ["1", "2", "3"]
    expect(page.locator("section[aria-labelledby=kind-mutualised]")).to_contain_text("Tchap")
    check(page)
    market = page.locator("section[aria-labelledby=kind-market] article").first
    name = market.locator("h3 a").inner_text()
    market.get_by_role("button", name="Ajouter à la sélection").click()
    expect(page.get_by_role("status").first).to_contain_text(name)
    page.get_by_role("link", name="Ma sélection (1)").click()
    page.get_by_label("Pourquoi la retenir").fill("Couvre les salons chiffrés.")
    page.get_by_role("button", name="Enregistrer la note").click()
    check(page)
    page.get_by_role("button", name="Retirer").click()
    page.get_by_role("button", name="Annuler le retrait").click()
    expect(page.get_by_label("Pourquoi la retenir")).to_have_value("Couvre les salons chiffrés.")
    page.get_by_role("link", name="Demander une rencontre").click()
    check(page)


def test_a_wrong_answer_is_said_beside_its_field(open_as: Visit, check: Check) -> None:
    page = open_as("ambassador", width=375)
    page.goto("/besoins/nouveau")
    page.get_by_label("Ce dont vous avez besoin").fill("Un texte que l’on ne veut pas perdre.")
    page.get_by_role("button", name="Enregistrer le brouillon", exact=True).click()
    summary = page.locator("a[href='#title']")
    expect(summary).to_be_visible()
    expect(page.get_by_label("Ce dont vous avez besoin")).to_have_value(
        "Un texte que l’on ne veut pas perdre."
    )
    check(page)


def test_a_vendor_publishes_an_offer_and_is_proposed(open_as: Visit, check: Check) -> None:
    page = open_as("vendor")
    page.goto("/mes-offres/nouvelle")
    page.get_by_label("Nom de l’offre").fill("Armorique Essai")
    page.get_by_label("En une phrase").fill("Coffre de mots de passe d’équipe pour réseaux isolés.")
    page.locator("#description").fill(
        "Partage de secrets techniques entre équipes d’exploitation, accès tracés, droits par équipe,"
        " calendrier de renouvellement, installation sur un réseau isolé, sans échange avec l’extérieur."
    )
    check(page)
    page.locator("main").get_by_role("button", name="Enregistrer le brouillon", exact=True).click()
    page.goto("/mes-offres")
    check(page)
    page.get_by_role("button", name="Publier").first.click()
    page.goto("/offres?q=coffre+secrets+réseau+isolé")
    expect(page.locator("main")).to_contain_text("Armorique Essai")
    check(page)


def test_an_organiser_generates_and_publishes_a_schedule(open_as: Visit, check: Check) -> None:
    page = open_as("organiser")
    page.goto(f"{EVENT}/planning")
    check(page)
    page.get_by_role("button", name="Générer le planning").click()
    page.wait_for_url("**/planning/versions/**", timeout=60_000)
    expect(page.locator("main")).to_contain_text("optimal")
    check(page)
    page.get_by_role("link", name="Publier cette version").click()
    check(page)
    page.locator("main").get_by_role("button", name="Publier").click()
    expect(page.get_by_role("status").first).to_contain_text("publi")
    for path in ("", "/participants", "/creneaux", "/souhaits", "/sessions", "/planning", "/modifier"):
        answer = page.goto(f"{EVENT}{path}")
        assert answer is not None
        assert answer.status == 200, path
        check(page)
    page.goto(f"{EVENT}/jour-j/absence")
    check(page)
    page.get_by_label("Délégation absente").select_option(index=1)
    page.get_by_role("button", name="Noter").click()
    check(page)
    page.get_by_role("button", name="Combler les créneaux libérés").click()
    expect(page.locator("main")).to_contain_text("Absence à ce créneau")
    check(page)
    page.get_by_role("link", name="L’abandonner").click()
    check(page)


def test_a_moderator_verifies_a_claim(open_as: Visit, check: Check) -> None:
    page = open_as("moderator")
    page.goto("/moderation/attestations?status=awaiting")
    page.locator("main table a").first.click()
    check(page)
    page.get_by_text("Vérifiée : la preuve").click()
    page.get_by_role("button", name="Enregistrer la décision").click()
    expect(page.locator(".fr-error-text, .fr-message--error").first).to_be_visible()  # a reason is required
    page.get_by_label("Raison").fill("Certificat lu, en cours de validité et portant sur ce service.")
    page.get_by_role("button", name="Enregistrer la décision").click()
    expect(page.get_by_role("status").first).to_be_visible()
    page.goto("/moderation/journal")
    expect(page.locator("main")).to_contain_text("Certificat lu")


def test_a_participant_reads_the_agenda_and_takes_it_away(open_as: Visit, check: Check) -> None:
    page = open_as("vendor", width=375)
    page.goto("/mon-agenda?evenement=rencontre-de-cooperation-de-bercy")
    expect(page.locator("main")).to_contain_text("27 mars 2026")
    check(page)
    answer = page.request.get("/mon-agenda.ics?evenement=rencontre-de-cooperation-de-bercy")
    assert answer.status == 200
    assert "BEGIN:VEVENT" in answer.text()
