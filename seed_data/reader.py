"""Reads the seed files and checks what ties them together. No database here: the portal loads by services."""

import csv
import io
import json
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

from pydantic import ValidationError

from seed_data import records as r
from seed_data.checks import SeedData, SeedDataError, check

__all__ = ["SeedData", "SeedDataError", "load"]

Row = TypeVar("Row", bound=r.Record)


def load() -> SeedData:
    """Everything, checked. Raises SeedDataError."""
    offer_files = sorted(file.name for file in _folder("offers").iterdir() if file.name.endswith(".json"))
    data = SeedData(
        administrations=_rows("administrations.json", r.Administration),
        attributes=_rows("attributes.json", r.SeedAttribute),
        criteria=_rows("criteria.json", r.SeedCriterion),
        objectives=_rows("objectives.json", r.SeedObjective),
        objective_evidence=_rows("objective_evidence.json", r.SeedObjectiveEvidence),
        categories=_rows("categories.csv", r.SeedCategory),
        functions=_rows("functions.csv", r.SeedFunction),
        terms=_rows("vocabulary.csv", r.SeedTerm),
        qualified_services=_rows("secnumcloud.csv", r.SeedQualifiedService),
        legal_parameters=_rows("legal_parameters.csv", r.SeedLegalParameter),
        vendors=_rows("vendors.json", r.Vendor),
        offers=[offer for name in offer_files for offer in _rows(f"offers/{name}", r.SeedOffer)],
        mutualised=_rows("mutualised.json", r.MutualisedService),
        free_software=_rows("free_software.json", r.FreeSoftware),
        needs=_rows("needs.json", r.SeedNeed),
        accounts=_rows("accounts.json", r.Account),
        events=[_row(name, 1, r.SeedEvent, _json(name)) for name in ("event_bercy.json", "event_2027.json")],
        activity=_row("activity.json", 1, r.Activity, _json("activity.json")),
    )
    check(data)
    return data


def _folder(name: str) -> Traversable:
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
