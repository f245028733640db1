"""Records of what is referred to: criteria, words, objectives, categories, registers, thresholds."""

from datetime import date
from typing import Literal

from pydantic import Field

from seed_data.records.base import Record


class SeedAttribute(Record):
    """What several criteria measure."""

    key: str
    type: Literal["yes_no", "number", "date"]
    subject: Literal["offer", "organisation"]
    unit: str = ""
    label_fr: str
    label_en: str


class SeedCriterion(Record):
    """A criterion: a predicate on its own attribute, yes or no where nothing else is said."""

    key: str
    attribute_key: str = ""
    type: Literal["yes_no", "number", "date", "choice", "choices"] = "yes_no"
    unit: str = ""
    options: list[str] = Field(default_factory=list)
    left_to_buyer: bool = False
    operator: Literal["is", "at_most", "at_least", "one_of", "contains"] = "is"
    operand: bool | int | float | str | list[str] = True
    subject: Literal["offer", "organisation"]
    verification_policy: Literal["registry", "document", "declaration"]
    label_fr: str
    label_en: str
    question_fr: str
    question_en: str
    description_fr: str
    description_en: str
    legal_basis: str = ""
    implied_by: list[str] = Field(default_factory=list)


class SeedFunction(Record):
    """What a service does for its users; `terms` are phrases that name it, with | between."""

    key: str
    parent: str = ""
    label_fr: str
    label_en: str
    cpv: str
    terms: str = ""


class SeedTerm(Record):
    """A buyer's word read as `reading`, else as the label of its function, with its source."""

    term: str
    kind: Literal["acronym", "english", "product"]
    function: str
    reading: str = ""
    source: str


class SeedObjective(Record):
    key: str
    label_fr: str
    label_en: str
    description_fr: str
    description_en: str


class SeedObjectiveEvidence(Record):
    """What a criterion, or a measure from `best` to `worst`, is worth for an objective: points, 0 to 1."""

    objective: str
    criterion: str | None = None
    measure: Literal["lead_time_days"] | None = None
    share: float
    verified: float
    declared: float
    refused: float
    best: float | None = None
    worst: float | None = None
    reason_fr: str
    reason_en: str


class SeedCategory(Record):
    code: str
    parent: str | None
    level: int
    label_fr: str
    label_en: str


class SeedQualifiedService(Record):
    provider: str
    service_name: str
    scope: str
    referential_version: str = ""
    qualified_since: date | None = None
    valid_until: date | None = None
    status: str
    provider_country: str = ""
    source: str
    source_on: date
    confidence: str
    note: str = ""


class SeedLegalParameter(Record):
    key: str
    value: str
    unit: str = ""
    legal_reference: str
    valid_from: date | None = None
    valid_to: date | None = None
    source: str
    source_on: date | None = None
    confidence: str
    note: str = ""
