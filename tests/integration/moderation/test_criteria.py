"""Criteria as data: added on the page, attested, verified, required and obeyed, without a restart."""

import json
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.models import User
from app.audit.models import AuditEntry
from app.claims.enums import ClaimStatus
from app.claims.models import Claim
from app.core.db import db, unit_of_work
from app.core.errors import Conflict, Forbidden, InvalidTransition, RuleBroken
from app.core.jobs import Job
from app.matchmaking.queries import get_run
from app.matchmaking.services.indexing import reindex_all
from app.moderation.queries.criteria import Usage, usage_by_criterion
from app.moderation.services.imports.criteria import CLAIM_SUFFIXES
from app.needs.enums import NeedStatus, RequiredLevel
from app.needs.models import Need
from app.permissions import SYSTEM, Actor, Role
from app.reference import services
from app.reference.models import Criterion
from app.reference.queries import active_criteria
from app.reference.services.criteria import RESERVED_ENDINGS
from tests.clients import IsolatedClient, another_client, hidden
from tests.factories import make_criterion, make_need, make_offer, make_user
from tests.query_counts import counted_queries

LIST = "/moderation/referentiels/criteres"
ANSWERS = {
    "label_fr": "Sobriété numérique",
    "label_en": "Digital restraint",
    "key": "low_carbon",
    "subject": "offer",
    "verification_policy": "document",
    "legal_basis": "Loi n° 2021-1485 du 15 novembre 2021",
    "source": "https://www.legifrance.gouv.fr",
    "source_on": "2026-11-20",
    "position": "7",
}


@pytest.fixture
def moderator(app: Flask) -> User:
    return make_user(Role.MODERATOR)


@pytest.fixture
def signed_in(client: IsolatedClient, moderator: User) -> IsolatedClient:
    return client.sign_in(moderator)


def criterion(key: str) -> Criterion:
    db.session.expire_all()
    return db.session.get_one(Criterion, key)


def actions() -> list[str]:
    return list(db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)))


def test_a_criterion_added_on_the_page_rules_the_proposals_at_once(
    app: Flask, signed_in: IsolatedClient, run_jobs: Callable[[], int]
) -> None:
    sober, greedy = make_offer(name="Sobre"), make_offer(name="Gourmande")
    need = make_need()
    with unit_of_work():
        reindex_all()
    path = f"/besoins/{need.id}/propositions"
    need_id, sober_id, greedy_id = need.id, sober.id, greedy.id
    ambassador = another_client(app).sign_in(make_user(Role.AMBASSADOR, need.organisation))
    vendor = another_client(app).sign_in(make_user(Role.VENDOR, sober.organisation))
    assert ambassador.post(path).status_code == 302  # the engine of this process now holds the old criteria
    assert {"Sobre", "Gourmande"} <= set(ambassador.get(path).text.replace("<", ">").split(">"))

    assert signed_in.post(f"{LIST}/nouveau", data=ANSWERS).status_code == 302
    claimed = {
        "attribute_key": "low_carbon",
        "value": "yes",
        "statement": "Mesuré.",
        "asks_verification": "y",
        "evidence_url": "https://mesure.example/rapport",
        "evidence_title": "Rapport",
        "visibility": "public",
    }
    assert vendor.post(f"/mes-offres/{sober_id}/attestations", data=claimed).status_code == 302
    claim_id = db.session.scalars(sa.select(Claim.id).filter_by(attribute_key="low_carbon")).one()
    required = {
        "organisation_id": str(need.organisation_id),
        "title": need.title,
        "description": need.description,
        "requires_low_carbon": "verified",
    }
    required |= hidden(ambassador.get(f"/besoins/{need_id}/modifier").text)
    assert ambassador.post(f"/besoins/{need_id}/modifier", data=required).status_code == 302
    assert ambassador.post(f"/besoins/{need_id}/publier").status_code == 302
    ambassador.post(path)
    run = get_run(need_id)
    assert run is not None
    assert run.proposals == []  # attested, not verified yet
    decided = {"verdict": "verified", "reason": "Rapport de mesure lu."}
    assert signed_in.post(f"/moderation/attestations/{claim_id}", data=decided).status_code == 302
    run_jobs()

    run = get_run(need_id)
    assert run is not None
    assert [proposal.offer_id for proposal in run.proposals] == [sober_id]
    assert run.exclusions["market"]["per_criterion"] == {"low_carbon": 1}
    assert [miss["offer_id"] for miss in run.near_misses] == [greedy_id]
    assert "Sobriété numérique : vérifié par la modération" in ambassador.get(path).text


def test_adding_records_who_what_and_matches_again(signed_in: IsolatedClient) -> None:
    signed_in.post(f"{LIST}/nouveau", data=ANSWERS)
    added = criterion("low_carbon")
    assert (added.source, str(added.source_on), added.position) == (ANSWERS["source"], "2026-11-20", 7)
    assert actions() == ["criterion.added"]
    assert set(db.session.scalars(sa.select(Job.kind))) == {"derive_claims", "refresh_runs"}
    page = signed_in.get(f"{LIST}/low_carbon").text
    assert "Critère ajouté" in page


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"key": "Low Carbon"}, "minuscules sans accent"),
        ({"key": "open_source_fin"}, "colonnes d’import"),
        ({"key": "open_source"}, "déjà cette clé"),
        ({"key": ""}, "Clé"),
        ({"label_en": ""}, "Nom en anglais"),
        ({"label_fr": "x" * 301}, "Nom en français"),
        ({"verification_policy": ""}, "ce qu’un modérateur consultera"),
        ({"subject": ""}, "ce que le critère qualifie"),
        ({"source": ""}, "Indiquez la source lue"),
        ({"position": "-1"}, "Rang dans les listes"),
        ({"implied_by": "inconnu"}, "Critères plus exigeants"),
    ],
)
def test_a_wrong_answer_is_said_beside_its_field_and_nothing_typed_is_lost(
    signed_in: IsolatedClient, changed: dict[str, str], message: str
) -> None:
    make_criterion("open_source")
    answer = signed_in.post(f"{LIST}/nouveau", data=ANSWERS | changed)
    assert answer.status_code == 422
    summary = answer.text.split('id="error-summary"')[1].split("</div>")[0]
    assert message in summary
    assert ANSWERS["legal_basis"] in answer.text
    assert db.session.scalar(sa.select(sa.func.count(Criterion.key))) == 1


def test_imported_columns_and_reserved_keys_agree() -> None:
    assert RESERVED_ENDINGS == CLAIM_SUFFIXES


def test_a_hierarchy_that_loops_is_refused_in_words(signed_in: IsolatedClient) -> None:
    make_criterion("eu", label_fr="Hébergé en Europe", implied_by=["france"])
    make_criterion("france", label_fr="Hébergé en France", implied_by=["paris"])
    make_criterion("paris", label_fr="Hébergé à Paris")
    data = {**ANSWERS, "label_fr": "Hébergé à Paris", "revision": "1", "implied_by": "eu"}
    answer = signed_in.post(f"{LIST}/paris", data=data)
    assert answer.status_code == 422
    assert "tourneraient en rond" in answer.text
    for name in ("Hébergé en Europe", "Hébergé en France"):
        assert f"« {name} » implique" in answer.text
    assert criterion("paris").implied_by == []
    content = services.CRITERION.content_of(criterion("eu"))
    with pytest.raises(RuleBroken):
        services.edit_criterion(SYSTEM, criterion("eu"), content | {"implied_by": ["eu"]})
    with pytest.raises(RuleBroken, match="inconnu"):
        services.edit_criterion(SYSTEM, criterion("eu"), content | {"implied_by": ["mars"]})


def test_editing_keeps_what_was_before_in_the_log(signed_in: IsolatedClient) -> None:
    make_criterion("low_carbon", label_fr="Ancien nom", position=7)
    assert signed_in.post(f"{LIST}/low_carbon", data={**ANSWERS, "revision": "1"}).status_code == 302
    assert (criterion("low_carbon").label_fr, criterion("low_carbon").revision) == ("Sobriété numérique", 2)
    entry = db.session.scalars(sa.select(AuditEntry)).one()
    assert entry.action == "criterion.edited"
    assert (entry.details["key"], entry.details["before"]["label_fr"]) == ("low_carbon", "Ancien nom")
    assert "Nom Ancien nom" in signed_in.get(f"{LIST}/low_carbon").text
    assert signed_in.post(f"{LIST}/low_carbon", data={**ANSWERS, "revision": "2"}).status_code == 302
    assert actions() == ["criterion.edited"]  # nothing differed, nothing was saved


def test_two_moderators_the_second_sees_what_the_first_saved(signed_in: IsolatedClient) -> None:
    """What only the first changed (the name in English, the law) is kept; what both did is to be chosen."""
    make_criterion("low_carbon", label_fr="Ancien nom", position=7)
    read = hidden(signed_in.get(f"{LIST}/low_carbon").text)
    before = {**ANSWERS, "label_en": "low_carbon", "legal_basis": "", "source": "", "source_on": ""}
    signed_in.post(f"{LIST}/low_carbon", data={**ANSWERS, **read})
    mine = {**before, **read, "label_fr": "Frugalité", "position": "8"}
    second = signed_in.post(f"{LIST}/low_carbon", data=mine)
    assert second.status_code == 409
    assert "Une autre personne a enregistré entre-temps" in second.text
    for shown in (
        "Ancien nom",
        "Sobriété numérique",
        'value="Frugalité"',
        'value="8"',
        ANSWERS["legal_basis"],
    ):
        assert shown in second.text
    assert 'name="prendre-label_fr"' in second.text
    assert 'name="prendre-position"' not in second.text
    assert criterion("low_carbon").label_fr == "Sobriété numérique"
    merged = {**ANSWERS, **hidden(second.text), "label_fr": "Frugalité", "position": "8"}
    taken = merged | {"prendre-label_fr": "autre"}
    assert signed_in.post(f"{LIST}/low_carbon", data=taken).status_code == 302
    found = criterion("low_carbon")
    assert (found.label_fr, found.label_en) == ("Sobriété numérique", "Digital restraint")
    assert (found.legal_basis, found.position) == (ANSWERS["legal_basis"], 8)


@pytest.mark.parametrize(
    "changed",
    [{"verification_policy": "serment"}, {"position": None}, {"position": 10**12}, {"label_fr": ""}],
)
def test_a_tampered_original_is_refused_in_words(
    signed_in: IsolatedClient, changed: dict[str, object]
) -> None:
    make_criterion("low_carbon")
    original = services.CRITERION.content_of(criterion("low_carbon")) | changed
    (name,) = changed
    data = {**ANSWERS, "revision": "x", "original": json.dumps(original), f"prendre-{name}": "autre"}
    assert signed_in.post(f"{LIST}/low_carbon", data=data).status_code in {409, 422}
    assert criterion("low_carbon").revision == 1


def test_retiring_says_what_uses_the_criterion_and_takes_it_out_of_the_forms(
    app: Flask, signed_in: IsolatedClient
) -> None:
    offer = make_offer(facts={"low_carbon": ClaimStatus.VERIFIED})
    need = make_need(requires={"low_carbon": RequiredLevel.VERIFIED})
    make_need(requires={"low_carbon": RequiredLevel.DECLARED}, status=NeedStatus.CLOSED)
    assert usage_by_criterion() == {"low_carbon": Usage(needs=1, claims=1)}
    ambassador = another_client(app).sign_in(make_user(Role.AMBASSADOR, need.organisation))
    vendor = another_client(app).sign_in(make_user(Role.VENDOR, offer.organisation))
    need_id, offer_id = need.id, offer.id

    page = signed_in.get(f"{LIST}/low_carbon/retirer").text
    assert "1 besoin ouvert l’exige" in page
    assert "1 attestation s’y rapporte" in page
    assert criterion("low_carbon").retired_at is None
    assert signed_in.post(f"{LIST}/low_carbon/retirer", data={"revision": "9"}).status_code == 409
    assert signed_in.post(f"{LIST}/low_carbon/retirer", data={"revision": "1"}).status_code == 302

    assert active_criteria() == []
    assert [row.key for row in active_criteria(keep=["low_carbon"])] == ["low_carbon"]
    assert "requires_low_carbon" not in ambassador.get("/besoins/nouveau").text
    assert "critère retiré" in ambassador.get(f"/besoins/{need_id}/modifier").text
    assert 'value="low_carbon"' not in vendor.get(f"/mes-offres/{offer_id}/attestations").text
    assert signed_in.post(f"{LIST}/low_carbon/reactiver").status_code == 302
    assert "requires_low_carbon" in ambassador.get("/besoins/nouveau").text
    assert actions()[-2:] == ["criterion.retired", "criterion.reactivated"]


def test_a_need_keeps_a_retired_criterion_it_already_requires(app: Flask, client: IsolatedClient) -> None:
    need = make_need(requires={"low_carbon": RequiredLevel.VERIFIED})
    other = make_need(need.organisation)
    services.retire_criterion(SYSTEM, criterion("low_carbon"), revision=1)
    client.sign_in(make_user(Role.AMBASSADOR, need.organisation))
    for found, kept in ((need, ["low_carbon"]), (other, [])):
        data = {
            "organisation_id": str(found.organisation_id),
            "title": "Titre changé",
            "description": found.description,
            "requires_low_carbon": "verified",
        }
        data |= hidden(client.get(f"/besoins/{found.id}/modifier").text)
        assert client.post(f"/besoins/{found.id}/modifier", data=data).status_code == 302
        client.post(f"/besoins/{found.id}/publier")
        db.session.expire_all()
        changed = db.session.get_one(Need, found.id)
        assert (changed.title, [row.criterion_key for row in changed.requirements]) == ("Titre changé", kept)


def test_services_refuse_strangers_stale_versions_and_repeats(app: Flask) -> None:
    found = make_criterion("low_carbon")
    vendor = Actor(user_id=None, roles={Role.VENDOR: frozenset({1})})
    with pytest.raises(Forbidden):
        services.retire_criterion(vendor, found, revision=1)
    with pytest.raises(Conflict):
        services.retire_criterion(SYSTEM, found, revision=2)
    with pytest.raises(InvalidTransition):
        services.reactivate_criterion(SYSTEM, found)
    services.retire_criterion(SYSTEM, found, revision=1)
    with pytest.raises(InvalidTransition):
        services.retire_criterion(SYSTEM, found, revision=2)


@pytest.mark.parametrize("role", [Role.VENDOR, Role.AMBASSADOR, Role.ORGANISER])
def test_only_moderators_see_the_pages(app: Flask, client: IsolatedClient, role: Role) -> None:
    make_criterion("low_carbon")
    client.sign_in(make_user(role))
    for path in (LIST, f"{LIST}/nouveau", f"{LIST}/low_carbon", f"{LIST}/low_carbon/retirer"):
        assert client.get(path).status_code == 404
    assert client.post(f"{LIST}/nouveau", data=ANSWERS).status_code == 404


def test_the_list_costs_the_same_with_one_and_three_criteria(signed_in: IsolatedClient) -> None:
    def cost() -> int:
        with counted_queries() as sent:
            assert signed_in.get(LIST).status_code == 200
        return len(sent)

    assert "Ajoutez le premier" in signed_in.get(LIST).text
    make_offer(facts={"one": ClaimStatus.DECLARED})
    first = cost()
    make_offer(facts={"two": ClaimStatus.DECLARED, "three": ClaimStatus.VERIFIED})
    assert cost() == first
