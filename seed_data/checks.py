"""What ties the seed files together: keys, references, SIREN, dates. A refusal names the file and the row."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from stdnum.fr import siren

from seed_data import records as r


class SeedDataError(ValueError):
    """A seed file is wrong; the message names the file and the row."""


@dataclass(frozen=True, slots=True)
class SeedData:
    administrations: list[r.Administration]
    attributes: list[r.SeedAttribute]
    criteria: list[r.SeedCriterion]
    objectives: list[r.SeedObjective]
    objective_evidence: list[r.SeedObjectiveEvidence]
    categories: list[r.SeedCategory]
    functions: list[r.SeedFunction]
    terms: list[r.SeedTerm]
    qualified_services: list[r.SeedQualifiedService]
    legal_parameters: list[r.SeedLegalParameter]
    vendors: list[r.Vendor]
    offers: list[r.SeedOffer]
    mutualised: list[r.MutualisedService]
    free_software: list[r.FreeSoftware]
    needs: list[r.SeedNeed]
    accounts: list[r.Account]
    events: list[r.SeedEvent]
    activity: r.Activity


def check(data: SeedData) -> None:
    """Raises SeedDataError on the first row that does not hold together."""
    administrations = _unique("administrations", (item.key for item in data.administrations))
    vendors = _unique("vendors", (item.key for item in data.vendors))
    offers = _unique("offers", (item.key for item in data.offers))
    needs = _unique("needs", (item.key for item in data.needs))
    criteria = _unique("criteria", (item.key for item in data.criteria))
    _unique("mutualised", (item.key for item in data.mutualised))
    _unique("free_software", (item.key for item in data.free_software))
    functions = _unique("functions", (item.key for item in data.functions))
    _unique("vocabulary", (item.term for item in data.terms))
    _known("vocabulary", "function", functions, ((item.term, item.function) for item in data.terms))
    objectives = _unique("objectives", (item.key for item in data.objectives))
    _unique("accounts", (item.email for item in data.accounts))
    _known(
        "criteria", "criterion", criteria, ((one.key, key) for one in data.criteria for key in one.implied_by)
    )
    worth = data.objective_evidence
    _known("objective_evidence", "objective", objectives, ((row.reason_fr, row.objective) for row in worth))
    read = ((row.objective, row.criterion) for row in worth if row.criterion is not None)
    _known("objective_evidence", "criterion", criteria, read)
    _known("offers", "vendor", vendors, ((offer.key, offer.vendor) for offer in data.offers))
    _known("needs", "organisation", administrations, ((need.key, need.organisation) for need in data.needs))
    _known("mutualised", "operator", administrations, ((item.key, item.operator) for item in data.mutualised))
    _check_categories(data)
    _check_sirens(data)
    _check_claims(data, criteria | _unique("attributes", (item.key for item in data.attributes)))
    _check_periods(data)
    asked = ((need.key, row.criterion) for need in data.needs for row in need.requirements)
    _known("needs", "criterion", criteria, asked)
    members = ((one.email, place.organisation) for one in data.accounts for place in one.memberships)
    _known("accounts", "organisation", administrations | vendors, members)
    kept = [(item.need, item.offer) for item in data.activity.shortlists]
    kept += [(item.need, item.offer) for item in data.activity.verdicts]
    _known("activity", "need", needs, ((offer, need) for need, offer in kept))
    _known("activity", "offer", offers, kept)
    _known("events", "organisation", administrations, ((one.name, one.organisation) for one in data.events))
    for event in data.events:
        _check_event(event, administrations, vendors, needs, offers)


def _check_categories(data: SeedData) -> None:
    codes = _unique("categories", (item.code for item in data.categories))
    parents = ((item.code, item.parent) for item in data.categories if item.parent is not None)
    _known("categories", "parent", codes, parents)
    used: list[tuple[str, list[str]]] = [(offer.key, offer.categories) for offer in data.offers]
    used += [(item.key, item.categories) for item in data.mutualised]
    used += [(item.key, item.categories) for item in data.free_software]
    used += [(need.key, need.categories) for need in data.needs]
    _known(
        "offers, needs or solutions",
        "category",
        codes,
        ((key, code) for key, found in used for code in found),
    )


def _check_sirens(data: SeedData) -> None:
    numbered = [("vendors", one.key, one.siren) for one in data.vendors]
    numbered += [("administrations", one.key, one.siren) for one in data.administrations]
    for name, key, number in numbered:
        if number is not None and not siren.is_valid(number):
            raise SeedDataError(f"{name}, {key}: wrong SIREN {number}")
    _unique("vendors, SIREN", (one.siren for one in data.vendors if one.siren is not None))


def _check_claims(data: SeedData, claimable: set[str]) -> None:
    claims = [(offer.key, claim) for offer in data.offers for claim in offer.claims]
    claims += [(vendor.key, claim) for vendor in data.vendors for claim in vendor.claims]
    claims += [(service.key, claim) for service in data.mutualised for claim in service.claims]
    _known("claims", "criterion", claimable, ((key, claim.criterion) for key, claim in claims))
    for key, claim in claims:
        if claim.valid_from and claim.valid_until and claim.valid_until < claim.valid_from:
            raise SeedDataError(f"claims, {key}: {claim.criterion} ends before it starts")


def _check_periods(data: SeedData) -> None:
    for service in data.qualified_services:
        since, until = service.qualified_since, service.valid_until
        if since and until and until < since:
            raise SeedDataError(f"secnumcloud.csv, {service.service_name}: ends before it starts")
    for parameter in data.legal_parameters:
        if parameter.valid_from and parameter.valid_to and parameter.valid_to < parameter.valid_from:
            raise SeedDataError(f"legal_parameters.csv, {parameter.key}: ends before it starts")


def _check_event(
    event: r.SeedEvent, administrations: set[str], vendors: set[str], needs: set[str], offers: set[str]
) -> None:
    present = _unique(event.name, (item.organisation for item in event.delegations))
    _known(event.name, "organisation", administrations | vendors, ((key, key) for key in present))
    pairs = [(row.administration, row.vendor) for row in event.requests]
    _unique(f"{event.name}, requests", (f"{administration} x {vendor}" for administration, vendor in pairs))
    pairs += [(row.administration, row.vendor) for row in event.pairs]
    _known(event.name, "administration", present & administrations, ((two, one) for one, two in pairs))
    _known(event.name, "vendor", present & vendors, pairs)
    _known(event.name, "need", needs, ((row.vendor, row.need) for row in event.requests if row.need))
    _known(event.name, "offer", offers, ((row.vendor, row.offer) for row in event.requests if row.offer))
    hosts = ((session.theme, session.host) for session in event.sessions)
    _known(event.name, "host", present & administrations, hosts)
    invited = ((session.theme, one.vendor) for session in event.sessions for one in session.invited)
    _known(event.name, "vendor", present & vendors, invited)
    _check_slots(event)


def _check_slots(event: r.SeedEvent) -> None:
    slots = sum(block.count for block in event.blocks)
    named = [slot for item in event.delegations for slot in item.absent]
    named += [session.slot for session in event.sessions]
    named += [pair.slot for pair in event.pairs if pair.slot is not None]
    if any(not 0 <= slot < slots for slot in named):
        raise SeedDataError(f"{event.name}: a slot beyond the {slots} of the programme")
    absent = {item.organisation: set(item.absent) for item in event.delegations}
    for pair in event.pairs:
        if pair.slot is not None and pair.slot in absent[pair.administration] | absent[pair.vendor]:
            raise SeedDataError(
                f"{event.name}, {pair.administration} x {pair.vendor}: pinned while one is away"
            )


def _unique(name: str, keys: Iterable[str]) -> set[str]:
    counts = Counter(keys)
    repeated = [key for key, count in counts.items() if count > 1]
    if repeated:
        raise SeedDataError(f"{name}: repeated keys {repeated}")
    return set(counts)


def _known(name: str, what: str, known: set[str], references: Iterable[tuple[str, str]]) -> None:
    for where, key in references:
        if key not in known:
            raise SeedDataError(f"{name}, {where}: unknown {what} {key!r}")
