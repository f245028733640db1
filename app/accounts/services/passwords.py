"""Argon2id password hashes (RFC 9106) and signed links to choose a new one."""

from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

MINIMUM_LENGTH = 12
# One hash takes 64 MiB for a while: two at a time keep a burst of sign-ins from exhausting the memory.
_slots = BoundedSemaphore(2)


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


def hash_password(password: str) -> str:
    with _slots:
        return _hasher().hash(password)


def verify_password(stored: str, password: str) -> bool:
    with _slots:
        try:
            return _hasher().verify(stored, password)
        except (VerifyMismatchError, InvalidHashError):
            return False


@cache
def unknown_user_hash() -> str:
    """A hash nobody's password has: an unknown address then takes as long to refuse as a known one."""
    return hash_password("nobody-has-this-password")
