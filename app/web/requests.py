"""What a browser sends, made harmless once for every page: texts without control characters, whole numbers
within what a column holds, searches of a reasonable length, a HEAD that only reads."""

import tempfile
from collections.abc import Callable, Iterable
from typing import IO, Any, TypeVar
from urllib.parse import urljoin, urlsplit

from flask import Flask, Request, current_app, request
from werkzeug.datastructures import ImmutableMultiDict, iter_multi_items
from werkzeug.utils import cached_property

from app.core.errors import NotFound, RuleBroken
from app.core.i18n import gettext as _
from app.web.numbers import whole

LONGEST_ARGUMENT, MOST_WORDS = 2000, 60
LARGEST_SENT, IN_MEMORY = 256 * 1024 * 1024, 512 * 1024
_DOCUMENTS = "takes_documents"
View = TypeVar("View", bound=Callable[..., Any])
# C0 and C1 controls but tab and line ends, DEL, and halves of surrogate pairs: no text field holds them, and
# PostgreSQL refuses some.
_UNSEEN = dict.fromkeys(
    [*(code for code in range(0x20) if chr(code) not in "\t\n\r"), *range(0x7F, 0xA0), *range(0xD800, 0xE000)]
)


class Typed(ImmutableMultiDict[str, str]):
    """The fields of a form, or the arguments of an address, as people can have typed them."""

    def __init__(self, mapping: Any = None) -> None:
        super().__init__(
            [(visible(name), self.kept(value)) for name, value in iter_multi_items(mapping or ())]
        )

    def kept(self, value: Any) -> Any:
        """A text without what nobody types; a file as it is: werkzeug keeps files in the same class."""
        return visible(value) if isinstance(value, str) else value

    def get(  # type: ignore[override]  # one signature for all of werkzeug's
        self, key: str, default: Any = None, type: Any = None
    ) -> Any:
        """As werkzeug's, but a number that is none, or beyond any column, is refused. Raises RuleBroken."""
        value = super().get(key)
        if type is not int or not value:
            return super().get(key, default, type)
        number = whole(value)
        if number is None:
            raise RuleBroken(_("L’adresse ou le formulaire attend un nombre entier (%(name)s).", name=key))
        return number


class Asked(Typed):
    """The arguments of an address: nobody searches with two thousand words."""

    def kept(self, value: str) -> str:
        words = visible(value)[:LONGEST_ARGUMENT].split(" ")
        return " ".join(words[:MOST_WORDS])


class CappedFile(tempfile.SpooledTemporaryFile[bytes]):
    """A file being sent, of which what exceeds a limit is read and thrown away: the form around it arrives
    whole, and nothing fills the disk."""

    def __init__(self, most: int) -> None:
        super().__init__(max_size=IN_MEMORY, mode="rb+")
        self.most = most
        self.overflowed = False

    def write(self, data: Any) -> int:
        if self.tell() + len(data) > self.most:
            self.overflowed = True
            return len(data)
        return super().write(data)


def takes_documents(view: View) -> View:
    """Mark a view whose form may come with too large a file: that is said beside its field, nothing typed is
    lost."""
    setattr(view, _DOCUMENTS, True)
    return view


class PortalRequest(Request):
    parameter_storage_class = Typed

    @property
    def max_content_length(self) -> int | None:
        return LARGEST_SENT if self._takes_documents else super().max_content_length

    @max_content_length.setter
    def max_content_length(self, value: int | None) -> None:
        self._max_content_length = value

    @property
    def _takes_documents(self) -> bool:
        return hasattr(current_app.view_functions.get(self.endpoint or ""), _DOCUMENTS)

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        if self._takes_documents:
            return CappedFile(current_app.extensions["settings"].evidence_max_mb * 1024 * 1024)
        return super()._get_file_stream(total_content_length, content_type, filename, content_length)

    @cached_property
    def args(self) -> Typed:
        return Asked(super().args)


class HeadAsGet:
    """A HEAD request is a GET whose body stays here: no view can take it for something else and act."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "HEAD":
            return self.application(environ, start_response)
        body = self.application({**environ, "REQUEST_METHOD": "GET"}, start_response)
        if hasattr(body, "close"):
            body.close()
        return []


def init_app(app: Flask) -> None:
    app.request_class = PortalRequest
    app.wsgi_app = HeadAsGet(app.wsgi_app)  # type: ignore[method-assign]  # how Flask takes a middleware
    app.before_request(_refuse_unseen_address)
    app.teardown_request(_close_files)


def _close_files(_error: BaseException | None) -> None:
    """What was sent lies in files of the system, which nobody needs once the answer is there."""
    request.close()


def visible(text: str) -> str:
    return text.translate(_UNSEEN)


def local_target(target: str) -> str:
    """`target` when it leads to a page of this site, as browsers read addresses; else ""."""
    odd = target.startswith("//") or "\\" in target or not target.isprintable()
    if odd or not target.startswith("/"):
        return ""
    site, found = urlsplit(request.host_url), urlsplit(urljoin(request.host_url, target))
    return target if (found.scheme, found.netloc) == (site.scheme, site.netloc) else ""


def _refuse_unseen_address() -> None:
    if visible(request.path) != request.path:
        raise NotFound
