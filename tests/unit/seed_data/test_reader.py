"""The seed files hold together, are rich enough, and a wrong row is named."""

from collections import Counter
from datetime import date
from itertools import pairwise

import pytest
from license_expression import get_spdx_licensing
from pydantic import ValidationError
from stdnum.fr import siren

from app.core.demo import ACCOUNTS
from seed_data import records as r
from seed_data.checks import SeedDataError, check
from seed_data.reader import SeedData, load

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def data() -> SeedData:
    return load()


def test_there_is_enough_for_every_page(data: SeedData) -> None:
    counts = {
        "administrations": (len(data.administrations), 16),
        "mutualised": (len(data.mutualised), 25),
        "free_software": (len(data.free_software), 40),
        "criteria": (len(data.criteria), 6),
        "objectives": (len(data.objectives), 9),
        "vendors": (len(data.vendors), 44),
        "offers": (len(data.offers), 130),
        "needs": (len(data.needs), 45),
        "qualified services": (len(data.qualified_services), 20),
        "legal parameters": (len(data.legal_parameters), 50),
        "accounts": (len(data.accounts), 20),
        "shortlists": (len(data.activity.shortlists), 20),
        "verdicts": (len(data.activity.verdicts), 20),
    }
    assert [name for name, (found, wanted) in counts.items() if found < wanted] == []


def test_the_cooperation_meeting_has_the_size_of_the_real_one(data: SeedData) -> None:
    bercy, later = data.events
    administrations = {item.key for item in data.administrations}
    sides = Counter(item.organisation in administrations for item in bercy.delegations)
    assert sides[True] >= 14
    assert sides[False] >= 42
    assert sum(block.count for block in bercy.blocks) == 14
    assert len(bercy.requests) >= 220
    assert len(bercy.sessions) == 3
    assert {pair.kind for pair in bercy.pairs} == {"pinned", "forbidden"}
    assert bercy.held_on == date(2026, 3, 27)
    assert later.held_on > TODAY


def test_organisations_keep_their_terms_within_the_programme(data: SeedData) -> None:
    for event in data.events:
        slots = sum(block.count for block in event.blocks)
        tables = [item.table for item in event.delegations if item.table is not None]
        assert len(tables) == len(set(tables))
        assert all(0 <= table < event.tables for table in tables)
        for item in event.delegations:
            assert item.min_meetings <= item.max_meetings
            assert item.min_meetings <= slots - len(item.absent)
        for session in event.sessions:
            assert 0 <= session.room < event.rooms
            accepted = [one.vendor for one in session.invited if one.answer == "accepted"]
            assert len(accepted) <= session.capacity
            away = {item.organisation for item in event.delegations if session.slot in item.absent}
            assert not away & {session.host, *accepted}


def test_no_demonstration_vendor_can_be_taken_for_a_real_firm(data: SeedData) -> None:
    for vendor in data.vendors:
        assert "démo" in vendor.name.lower()
        assert vendor.website.endswith(".example")
        if vendor.siren is not None:
            assert vendor.siren.startswith("000")
            assert siren.is_valid(vendor.siren)
        else:
            assert vendor.country != "FR"
    for offer in data.offers:
        for claim in offer.claims:
            assert not claim.evidence_url or ".example/" in claim.evidence_url
    assert all(account.email.endswith("@demo.traitdunion.example") for account in data.accounts)


def test_the_demo_names_accounts_it_has_and_two_who_may_decide_together(data: SeedData) -> None:
    roles = {account.email: {part.role for part in account.memberships} for account in data.accounts}
    shown = [email for _label, email in ACCOUNTS]
    assert set(shown) <= set(roles)
    assert sum("moderator" in roles[email] for email in shown) == 2


def test_facts_carry_their_source_and_date(data: SeedData) -> None:
    facts = [(item.source, item.source_on) for item in data.administrations]
    facts += [(item.source, item.source_on) for item in data.mutualised]
    facts += [(item.source, item.source_on) for item in data.free_software]
    facts += [(item.source, item.source_on) for item in data.qualified_services]
    assert all(source and source_on <= TODAY for source, source_on in facts)
    assert all(parameter.source for parameter in data.legal_parameters)
    assert data.events[0].source


def test_claims_vary_as_in_life(data: SeedData) -> None:
    claims = [claim for offer in data.offers for claim in offer.claims]
    levels = {claim.level for claim in claims}
    assert levels == {"declared", "pending", "verified", "not_established", "contradicted"}
    assert any(claim.valid_until and claim.valid_until < TODAY for claim in claims)
    assert any(not offer.claims for offer in data.offers)
    qualified = [one for one in claims if one.criterion == "secnumcloud" and one.level == "verified"]
    assert 3 <= len(qualified) <= 6


def test_licences_are_spdx(data: SeedData) -> None:
    known = get_spdx_licensing()
    named = {offer.licence for offer in data.offers} | {service.licence for service in data.mutualised}
    assert [licence for licence in named if licence and known.validate(licence).errors] == []


def test_prose_is_long_enough_to_be_matched_on_and_never_repeated(data: SeedData) -> None:
    offers = [offer.description for offer in data.offers]
    needs = [need.description for need in data.needs if need.status == "published"]
    assert min(len(text.split()) for text in offers) >= 30
    assert min(len(text.split()) for text in needs) >= 40
    for texts in (offers, needs, [item.description for item in data.mutualised]):
        assert all(one != other for one, other in pairwise(sorted(texts)))


def test_every_published_need_is_answerable_in_time(data: SeedData) -> None:
    statuses = Counter(need.status for need in data.needs)
    assert statuses["draft"] == 3
    assert statuses["closed"] == 2
    for need in data.needs:
        if need.deadline_on is not None and need.status == "published":
            assert need.deadline_on > TODAY


def test_a_wrong_siren_is_named(data: SeedData) -> None:
    wrong = data.vendors[0].model_copy(update={"siren": "123456789"})
    with pytest.raises(SeedDataError, match=f"{wrong.key}: wrong SIREN"):
        check(_with(data, vendors=[wrong, *data.vendors[1:]]))


def test_an_offer_of_an_unknown_vendor_is_named(data: SeedData) -> None:
    wrong = data.offers[0].model_copy(update={"vendor": "nobody"})
    with pytest.raises(SeedDataError, match="unknown vendor 'nobody'"):
        check(_with(data, offers=[wrong, *data.offers[1:]]))


def test_a_claim_that_ends_before_it_starts_is_named(data: SeedData) -> None:
    claim = r.SeedClaim(criterion="eu_hosting", valid_from=date(2026, 2, 1), valid_until=date(2026, 1, 1))
    wrong = data.offers[0].model_copy(update={"claims": [claim]})
    with pytest.raises(SeedDataError, match=f"{wrong.key}: eu_hosting ends before it starts"):
        check(_with(data, offers=[wrong, *data.offers[1:]]))


def test_a_repeated_key_is_named(data: SeedData) -> None:
    with pytest.raises(SeedDataError, match="needs: repeated keys"):
        check(_with(data, needs=[*data.needs, data.needs[0]]))


def test_a_meeting_pinned_while_one_is_away_is_named(data: SeedData) -> None:
    event = data.events[0]
    away = next(item for item in event.delegations if item.absent and item.table is not None)
    vendors = {vendor.key for vendor in data.vendors}
    vendor = next(item.organisation for item in event.delegations if item.organisation in vendors)
    pin = r.SeedPair(administration=away.organisation, vendor=vendor, kind="pinned", slot=away.absent[0])
    wrong = event.model_copy(update={"pairs": [pin]})
    with pytest.raises(SeedDataError, match="pinned while one is away"):
        check(_with(data, events=[wrong, data.events[1]]))


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(ValidationError):
        r.SeedRequirement.model_validate({"criterion": "sme", "colour": "blue"})


def _with(data: SeedData, **changed: object) -> SeedData:
    fields = {name: getattr(data, name) for name in SeedData.__slots__}
    return SeedData(**{**fields, **changed})


def test_a_request_names_an_offer_of_the_vendor_and_a_need_of_the_administration(data: SeedData) -> None:
    vendor_of = {offer.key: offer.vendor for offer in data.offers}
    owner_of = {need.key: need.organisation for need in data.needs}
    for event in data.events:
        for request in event.requests:
            assert request.offer is None or vendor_of[request.offer] == request.vendor
            assert request.need is None or owner_of[request.need] == request.administration


def test_a_vendor_never_has_two_offers_of_one_name(data: SeedData) -> None:
    names = Counter((offer.vendor, offer.name) for offer in data.offers)
    assert [name for name, count in names.items() if count > 1] == []
