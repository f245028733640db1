"""Rules of the claims: declared, put up for verification, withdrawn."""

from app.claims.services.declaring import declare_claim, request_verification, tell_of_claim, withdraw_claim

__all__ = ["declare_claim", "request_verification", "tell_of_claim", "withdraw_claim"]
