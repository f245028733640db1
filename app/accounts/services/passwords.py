"""Passwords: Argon2id hashes (RFC 9106), and refusing those that are known or soon guessed."""

from collections.abc import Iterable
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from app.core.errors import RuleBroken
from app.core.i18n import gettext as _

MINIMUM_LENGTH = 12
MAXIMUM_LENGTH = 128
_READ = 72  # zxcvbn reads no further: its time grows with the square of the length
_ENOUGH = 3  # of 4: over 10^8 guesses, out of reach of one who tries on a sign-in page
_OF_ONES_OWN = 6  # characters that come neither from the name nor from the address
_OUR_WORDS = (
    *("traitdunion", "administrateur", "administration", "ambassadeur", "collectivite", "demonstration"),
    *("entreprise", "fournisseur", "ministere", "moderateur", "numerique", "organisateur", "republique"),
)
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


def check_password(password: str, *, known: Iterable[str] = ()) -> None:
    """Refuse a password that is short, on a list of breached ones (bundled with zxcvbn), a repetition or a
    sequence, or made of what is `known` of the person. Raises RuleBroken on `password`."""
    if not MINIMUM_LENGTH <= len(password) <= MAXIMUM_LENGTH:
        message = _(
            "Choisissez un mot de passe de %(n)d à %(most)d caractères.",
            n=MINIMUM_LENGTH,
            most=MAXIMUM_LENGTH,
        )
        raise RuleBroken(fields={"password": message})
    if _is_guessable(password, known):
        message = _(
            "Ce mot de passe se devine : il est connu, répété, ou tiré de votre nom ou de votre adresse. "
            "Choisissez par exemple quatre mots sans rapport entre eux."
        )
        raise RuleBroken(fields={"password": message})


def _is_guessable(password: str, known: Iterable[str]) -> bool:
    from zxcvbn import zxcvbn  # its lists of words take a moment to load

    words = {part for text in known for part in (text, *_parts(text)) if len(part) > 2}
    if len(_without(words, password)) < _OF_ONES_OWN:
        return True
    found = zxcvbn(password[:_READ], user_inputs=[*sorted(words), *_OUR_WORDS])
    return bool(found["score"] < _ENOUGH)


def _without(words: Iterable[str], password: str) -> str:
    """What is left of a password once what is known of the person is taken out of it."""
    rest = password.casefold()
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word.casefold(), "")
    return rest.strip()


def _parts(text: str) -> list[str]:
    return "".join(char if char.isalnum() else " " for char in text).split()
