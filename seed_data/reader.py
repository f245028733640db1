"""Reads the seed files and checks what ties them together. No database here: the portal loads through services."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources
from typing import Any, TypeVar

from pydantic import ValidationError
from stdnum.fr import siren

from seed_data import records as r

Row = TypeVar("Row", bound=r.Record)


class SeedDataError(ValueError):
    """A seed file is wrong; the message names the file and the row."""


@dataclass(frozen=True, slots=True)
class SeedData:
    administrations: list[r.Administration]
    criteria: list[r.SeedCriterion]
    objectives: list[r.SeedObjective]
    categories: list[r.SeedCategory]
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


def load() -> SeedData:
    """Everything, checked. Raises SeedDataError."""
    offer_files = sorted(file.name for file in _folder("offers").iterdir() if file.name.endswith(".json"))
    data = SeedData(
        administrations=_rows("administrations.json", r.Administration),
        criteria=_rows("criteria.json", r.SeedCriterion),
        objectives=_rows("objectives.json", r.SeedObjective),
        categories=_rows("categories.csv", r.SeedCategory),
        qualified_services=_rows("secnumcloud.csv", r.SeedQualifiedService),
        legal_parameters=_rows("legal_parameters.csv", r.SeedLegalParameter),
        vendors=_rows("vendors.json", r.Vendor),
        offers=[offer for name in offer_files for offer in _rows(f"offers/{name}", r.SeedOffer)],
        mutualised=_rows("mutualised.json", r.MutualisedService),
        free_software=_rows("free_software.json", r.FreeSoftware),
        needs=_rows("needs.json", r.SeedNeed),
        accounts=_rows("accounts.json", r.Account),
        events=[_row(f"{name}.json", 1, r.SeedEvent, _json(f"{name}.json")) for name in ("event_bercy", "event_2027")],
        activity=_row("activity.json", 1, r.Activity, _json("activity.json")),
    )
    _check(data)
    return data


def _folder(name: str) -> Any:
    return resources.files("seed_data").joinpath(name)


def _json(name: str) -> Any:
    return json.loads(_folder(name).read_text(encoding="utf-8"))


def _rows(name: str, kind: type[Row]) -> list[Row]:
    if name.endswith(".json"):
        found = _json(name)
    else:
        lines = csv.DictReader(io.StringIO(_folder(name).read_text(encoding="utf-8")))
        found = [{key: value for key, value in line.items() if value} for line in lines]
        if kind is r.SeedCategory:
            found = [{"parent": None, **line} for line in found]
    return [_row(name, number, kind, values) for number, values in enumerate(found, start=1)]


def _row(name: str, number: int, kind: type[Row], values: Any) -> Row:
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        raise SeedDataError(f"{name}, row {number}: {error}") from error


def _check(data: SeedData) -> None:
    administrations = _unique("administrations", (item.key for item in data.administrations))
    vendors = _unique("vendors", (item.key for item in data.vendors))
    offers = _unique("offers", (item.key for item in data.offers))
    needs = _unique("needs", (item.key for item in data.needs))
    codes = _unique("categories", (item.code for item in data.categories))
    criteria = _unique("criteria", (item.key for item in data.criteria))
    described = [*data.offers, *data.mutualised, *data.free_software, *data.needs]
    for vendor in data.vendors:
        if vendor.siren is not None and not siren.is_valid(vendor.siren):
            raise SeedDataError(f"vendors, {vendor.key}: wrong SIREN {vendor.siren}")
    _known("offers", "vendor", vendors, ((offer.key, offer.vendor) for offer in data.offers))
    _known("needs", "organisation", administrations, ((need.key, need.organisation) for need in data.needs))
    _known("mutualised", "operator", administrations, ((item.key, item.operator) for item in data.mutualised))
    _known("all", "category", codes, ((item.key, code) for item in described for code in item.categories))
    claims = [(item.key, claim) for item in [*data.offers, *data.vendors] for claim in item.claims]
    _known("claims", "criterion", criteria, ((key, claim.criterion) for key, claim in claims))
    for key, claim in claims:
        if claim.valid_from and claim.valid_until and claim.valid_until < claim.valid_from:
            raise SeedDataError(f"claims, {key}: {claim.criterion} ends before it starts")
    asked = ((need.key, row.criterion) for need in data.needs for row in need.requirements)
    _known("needs", "criterion", criteria, asked)
    members = ((one.email, place.organisation) for one in data.accounts for place in one.memberships)
    _known("accounts", "organisation", administrations | vendors, members)
    kept = [*data.activity.shortlists, *data.activity.verdicts]
    _known("activity", "need", needs, ((item.offer, item.need) for item in kept))
    _known("activity", "offer", offers, ((item.need, item.offer) for item in kept))
    for event in data.events:
        _check_event(event, administrations, vendors, needs, offers)


def _check_event(event: r.SeedEvent, administrations: set[str], vendors: set[str], needs: set[str], offers: set[str]) -> None:
    present = _unique(event.name, (item.organisation for item in event.delegations))
    _known(event.name, "organisation", administrations | vendors, ((key, key) for key in present))
    pairs = [*event.requests, *event.pairs]
    _known(event.name, "administration", present, ((pair.vendor, pair.administration) for pair in pairs))
    _known(event.name, "vendor", present, ((pair.administration, pair.vendor) for pair in pairs))
    _known(event.name, "need", needs, ((row.vendor, row.need) for row in event.requests if row.need))
    _known(event.name, "offer", offers, ((row.vendor, row.offer) for row in event.requests if row.offer))
    hosts = ((session.theme, session.host) for session in event.sessions)
    _known(event.name, "host", present, hosts)
    slots = sum(block.count for block in event.blocks)
    absences = (slot for item in event.delegations for slot in item.absent)
    if any(not 0 <= slot < slots for slot in (*absences, *(session.slot for session in event.sessions))):
        raise SeedDataError(f"{event.name}: a slot beyond the {slots} of the programme")


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
