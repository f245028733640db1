"""Rules of the claims: declared, answered, decided, put to confirm, withdrawn."""

from app.claims.services.decisions import (
    carry_contradictions,
    decide_claim,
    put_to_confirm,
    reopen_decision,
)
from app.claims.services.declaring import (
    answer_finding,
    declare_claim,
    request_verification,
    tell_of_claim,
    withdraw_claim,
)
from app.claims.services.derived import derive_claims, derive_from_record, from_offer
from app.claims.services.expiry import record_expired

__all__ = [
    "answer_finding",
    "carry_contradictions",
    "decide_claim",
    "declare_claim",
    "derive_claims",
    "derive_from_record",
    "from_offer",
    "put_to_confirm",
    "record_expired",
    "reopen_decision",
    "request_verification",
    "tell_of_claim",
    "withdraw_claim",
]
