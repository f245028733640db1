"""A document that arrives as evidence: read, measured, scanned, before anything is written of it. Nothing of
what its sender says is believed: neither its type, nor its name, nor its size."""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import puremagic
import structlog

from app.claims.enums import MediaType
from app.core.clamd import ScanFailed, scan
from app.core.config import Settings
from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.core.storage import HashedFiles

log = structlog.get_logger()
LONGEST_NAME = 120
MOST_PIXELS = 60_000_000
_HEAD = 8192
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]')


@dataclass(frozen=True, slots=True)
class Received:
    """A document that passed every check, and waits at `path` to be kept."""

    path: Path
    sha256: str
    title: str
    media_type: MediaType
    size: int
    pages: int | None
    is_scanned: bool


class _Desk:
    """Where documents are kept, and within which limits: those of the portal that was configured last."""

    files: HashedFiles
    settings: Settings


def configure(settings: Settings) -> None:
    _Desk.settings = settings
    _Desk.files = HashedFiles(settings.data_dir / "evidence")


def kept_files() -> HashedFiles:
    return _Desk.files


def most_pieces() -> int:
    return _Desk.settings.evidence_max_per_claim


def largest_mb() -> int:
    return _Desk.settings.evidence_max_mb


@contextmanager
def receiving(source: BinaryIO | None, name: str) -> Iterator[Received | None]:
    """The document of a form, checked, for as long as the block lasts: what is not kept by its end is gone.

    Raises RuleBroken on field `evidence_file`. To be done with no transaction open: it reads, and asks the
    antivirus."""
    if source is None:
        yield None
        return
    path, sha256 = _Desk.files.receive(source)
    try:
        yield _checked(path, sha256, name)
    finally:
        path.unlink(missing_ok=True)


def _checked(path: Path, sha256: str, name: str) -> Received:
    size = path.stat().st_size
    if not size:
        raise _refused(_("Ce fichier est vide : choisissez-en un autre."))
    if size > largest_mb() * 1024 * 1024:
        raise too_large()
    media_type = _media_type(path, name)
    pages = None
    if media_type is MediaType.PDF:
        pages = _pages(path)
    else:
        _check_image(path, media_type)
    return Received(path, sha256, safe_name(name, media_type), media_type, size, pages, _scanned(path))


def too_large() -> RuleBroken:
    return _refused(
        _(
            "Ce fichier dépasse %(n)s Mo : compressez-le, ou n’envoyez que les pages utiles.",
            n=largest_mb(),
        )
    )


def safe_name(name: str, media_type: MediaType) -> str:
    """What a person may read and save: no folder, no control or direction mark, the right end."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    visible = " ".join(_NOT_IN_NAMES.sub(" ", last).split()).lstrip(". ")
    stem, _dot, end = visible.rpartition(".")
    if stem and f".{end.lower()}" in media_type.extensions:
        visible = stem
    return (visible[:LONGEST_NAME].rstrip(". ") or _("preuve")) + media_type.extensions[0]


def _media_type(path: Path, name: str) -> MediaType:
    with path.open("rb") as file:
        head = file.read(_HEAD)
    try:
        found = puremagic.magic_string(head)[0].mime_type
    except (puremagic.PureError, ValueError, IndexError):
        found = ""
    if found not in set(MediaType):
        raise _refused(_("Ce n’est pas un PDF, ni une image PNG, JPEG ou WebP : convertissez-le en PDF."))
    media_type, end = MediaType(found), Path(name.lower()).suffix
    if any(end in other.extensions for other in MediaType if other is not media_type):
        raise _refused(
            _(
                "Le nom de ce fichier finit par %(end)s, mais son contenu est : %(kind)s. Renommez-le, ou "
                "choisissez le bon.",
                end=end,
                kind=media_type.label,
            )
        )
    return media_type


def _pages(path: Path) -> int:
    import pypdf

    try:
        reader = pypdf.PdfReader(path)
        locked, pages = reader.is_encrypted, 0 if reader.is_encrypted else len(reader.pages)
    except Exception as error:
        raise _refused(_("Ce PDF est illisible : enregistrez-le de nouveau.")) from error
    if locked:
        raise _refused(_("Ce PDF est protégé par un mot de passe : envoyez-en un que chacun peut lire."))
    most = _Desk.settings.evidence_max_pages
    if not 0 < pages <= most:
        raise _refused(_("Ce PDF a %(n)s pages : il en faut de 1 à %(most)s.", n=pages, most=most))
    return pages


def _check_image(path: Path, media_type: MediaType) -> None:
    from PIL import Image

    try:
        with Image.open(path, formats=[media_type.name]) as image:
            width, height = image.size
            image.verify()
    except Exception as error:
        raise _refused(_("Cette image est illisible : enregistrez-la de nouveau.")) from error
    if width * height > MOST_PIXELS:
        raise _refused(_("Cette image est trop grande : %(w)s × %(h)s points.", w=width, h=height))


def _scanned(path: Path) -> bool:
    """Whether an antivirus found nothing; False where none is set."""
    if not _Desk.settings.antivirus:
        return False
    try:
        found = scan(path, _Desk.settings.antivirus, timeout_s=_Desk.settings.antivirus_timeout_s)
    except ScanFailed as error:
        log.warning("antivirus gives no opinion", error=str(error))
        raise _refused(
            _("L’antivirus ne répond pas : rien n’a été déposé. Réessayez dans quelques minutes.")
        ) from error
    if found:
        log.warning("antivirus found something in evidence", found=found)
        raise _refused(_("L’antivirus a reconnu un logiciel malveillant (%(name)s).", name=found))
    return True


def _refused(message: object) -> RuleBroken:
    return RuleBroken(fields={"evidence_file": str(message)})
