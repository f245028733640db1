"""Rules of the claims: declared, answered, decided, put to confirm, withdrawn."""

from app.claims.services.contests import answer_contest, contest_claim, dismiss_contest, uphold_contest
from app.claims.services.decisions import (
    carry_contradictions,
    contradict_claim,
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
from app.claims.services.evidence import (
    add_evidence,
    remove_evidence,
    replace_evidence,
    show_evidence_to,
    sweep_evidence,
)
from app.claims.services.expiry import record_expired
from app.claims.services.receiving import Received, configure, kept_files, receiving, safe_name, too_large
from app.claims.services.warning import DAYS_BEFORE, record_ending

__all__ = [
    "DAYS_BEFORE",
    "Received",
    "add_evidence",
    "answer_contest",
    "answer_finding",
    "carry_contradictions",
    "configure",
    "contest_claim",
    "contradict_claim",
    "decide_claim",
    "declare_claim",
    "derive_claims",
    "derive_from_record",
    "dismiss_contest",
    "from_offer",
    "kept_files",
    "put_to_confirm",
    "receiving",
    "record_ending",
    "record_expired",
    "remove_evidence",
    "reopen_decision",
    "replace_evidence",
    "request_verification",
    "safe_name",
    "show_evidence_to",
    "sweep_evidence",
    "tell_of_claim",
    "too_large",
    "uphold_contest",
    "withdraw_claim",
]
