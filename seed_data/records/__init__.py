"""What the files of this folder hold, record by record, checked as they are read."""

from seed_data.records.activity import Activity, Judged, Kept
from seed_data.records.base import Record
from seed_data.records.catalogue import FreeSoftware, MutualisedService, SeedClaim, SeedOffer, Vendor
from seed_data.records.events import (
    SeedDelegation,
    SeedEvent,
    SeedInvitation,
    SeedPair,
    SeedRequest,
    SeedSession,
    SlotBlock,
)
from seed_data.records.needs import Administration, SeedNeed, SeedRequirement
from seed_data.records.people import Account, SeedMembership
from seed_data.records.reference import (
    SeedAttribute,
    SeedCategory,
    SeedCriterion,
    SeedFunction,
    SeedLegalParameter,
    SeedObjective,
    SeedObjectiveEvidence,
    SeedQualifiedService,
    SeedTerm,
)

__all__ = [
    "Account",
    "Activity",
    "Administration",
    "FreeSoftware",
    "Judged",
    "Kept",
    "MutualisedService",
    "Record",
    "SeedAttribute",
    "SeedCategory",
    "SeedClaim",
    "SeedCriterion",
    "SeedDelegation",
    "SeedEvent",
    "SeedFunction",
    "SeedInvitation",
    "SeedLegalParameter",
    "SeedMembership",
    "SeedNeed",
    "SeedObjective",
    "SeedObjectiveEvidence",
    "SeedOffer",
    "SeedPair",
    "SeedQualifiedService",
    "SeedRequest",
    "SeedRequirement",
    "SeedSession",
    "SeedTerm",
    "SlotBlock",
    "Vendor",
]
