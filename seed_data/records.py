"""The shapes of the seed files: an unknown field or a wrong type is an error that names file and row."""

from datetime import date, time
from typing import Literal

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class Administration(Record):
    """A real administration: a fact, with its source."""

    key: str
    name: str
    acronym: str = ""
    siren: str | None = None
    kind: Literal["ministry", "operator", "local", "health"]
    website: str = ""
    source: str
    source_on: date


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
    options: list[str] = []
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
    implied_by: list[str] = []


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


class SeedClaim(Record):
    """`level`: declared, pending (declared and waiting for a moderator), or what a moderator decided."""

    criterion: str
    value: bool | int | float | str | list[str] = True
    level: Literal["declared", "pending", "verified", "not_established", "contradicted"] = "declared"
    statement: str = ""
    issuer: str = ""
    scope: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    evidence_url: str = ""


class Vendor(Record):
    """A demonstration vendor: it does not exist."""

    key: str
    name: str
    siren: str | None = None
    vendor_kind: Literal["publisher", "integrator", "reseller"]
    size: Literal["micro", "sme", "mid", "large"]
    country: str = "FR"
    city: str = ""
    website: str
    description: str
    claims: list[SeedClaim] = []


class SeedOffer(Record):
    """An offer of a demonstration vendor."""

    key: str
    vendor: str
    name: str
    summary: str
    description: str
    categories: list[str]
    language: Literal["fr", "en"] = "fr"
    licence: str | None = None
    price_note: str = ""
    lead_time_days: int | None = None
    claims: list[SeedClaim] = []


class MutualisedService(Record):
    """A real service shared by the State: a fact, with its source."""

    key: str
    name: str
    operator: str
    summary: str
    description: str
    categories: list[str]
    licence: str | None = None
    open_source: bool | None = None
    repository: str = ""
    users_scope: str = ""
    circle: int | None = None
    source: str
    source_on: date


class FreeSoftware(Record):
    """Real free software of the State's recommended list."""

    key: str
    name: str
    summary: str
    description: str
    categories: list[str]
    licence: str
    website: str = ""
    source: str
    source_on: date


class SeedRequirement(Record):
    criterion: str
    level: Literal["declared", "verified"] = "declared"


class SeedNeed(Record):
    key: str
    organisation: str
    title: str
    description: str
    categories: list[str]
    requirements: list[SeedRequirement] = []
    status: Literal["published", "draft", "closed"] = "published"
    users_count: int | None = None
    deadline_on: date | None = None
    budget_range: str = ""
    sensitive_data: bool = False


class SeedMembership(Record):
    organisation: str
    role: Literal["ambassador", "vendor", "organiser", "moderator"]
    manager: bool = False


class Account(Record):
    email: str
    name: str
    memberships: list[SeedMembership]


class SeedDelegation(Record):
    """`absent`: positions of the slots, from 0, at which it cannot be met."""

    organisation: str
    min_meetings: int = 0
    max_meetings: int
    table: int | None = None
    absent: list[int] = []


class SeedRequest(Record):
    administration: str
    vendor: str
    by: Literal["administration", "vendor", "mutual"]
    need: str | None = None
    offer: str | None = None
    message: str = ""


class SeedInvitation(Record):
    vendor: str
    answer: Literal["invited", "accepted", "declined"] = "invited"


class SeedSession(Record):
    host: str
    theme: str
    description: str = ""
    slot: int
    room: int
    capacity: int
    invited: list[SeedInvitation]


class SeedPair(Record):
    administration: str
    vendor: str
    kind: Literal["pinned", "forbidden"]
    slot: int | None = None
    reason: str = ""


class SlotBlock(Record):
    """`count` slots of `length_min` minutes from `first_at` local time, with `pause_min` between two."""

    first_at: time
    length_min: int
    count: int
    pause_min: int = 0


class SeedEvent(Record):
    organisation: str
    name: str
    place: str
    held_on: date
    timezone: str = "Europe/Paris"
    description: str
    source: str = ""
    tables: int
    rooms: int
    status: Literal["draft", "open"]
    blocks: list[SlotBlock]
    delegations: list[SeedDelegation]
    requests: list[SeedRequest]
    sessions: list[SeedSession] = []
    pairs: list[SeedPair] = []


class Kept(Record):
    need: str
    offer: str
    note: str = ""


class Judged(Record):
    need: str
    offer: str
    useful: bool


class Activity(Record):
    """What ambassadors have already done, so that every page shows a real day."""

    shortlists: list[Kept]
    verdicts: list[Judged]
