"""What browsers and proxies may keep: public pages for a moment; static files for a year, under an address
that carries their content, and compressed once."""

import gzip
import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, request, session

PAGE_SECONDS = 60
"""A public page may be this late; with its ETag, asking again costs no transfer."""
FILE_SECONDS = 365 * 24 * 3600
UNNAMED_SECONDS = 3600
"""For a file asked for without its version: the fonts a style sheet names."""
COMPRESSED = {"text/css", "text/javascript", "application/javascript", "image/svg+xml", "application/json"}
WORTH_BYTES = 1024
VERSION = "v"


def init_app(app: Flask) -> None:
    app.url_defaults(_add_version)
    app.after_request(_keep)


def _add_version(endpoint: str, values: dict[str, object]) -> None:
    filename = values.get("filename")
    if endpoint == "static" and isinstance(filename, str) and VERSION not in values:
        path = _static_path(filename)
        if path.is_file():
            values[VERSION] = _version(path, path.stat().st_mtime_ns)


def _keep(response: Response) -> Response:
    if request.method not in ("GET", "HEAD") or response.status_code not in (200, 304):
        return response
    if request.endpoint == "static":
        return _keep_file(response)
    if response.status_code == 200 and response.mimetype == "text/html" and _is_public():
        response.cache_control.public, response.cache_control.max_age = True, PAGE_SECONDS
        response.vary.update(("Cookie", "Accept-Language", "HX-Request"))
        response.add_etag()
        response.make_conditional(request)
    return response


def _is_public() -> bool:
    """Whether a page says the same to everybody: nobody is signed in and nothing goes into the session."""
    return not session.modified and not session.get("_user_id") and not session.get("_flashes")


def _keep_file(response: Response) -> Response:
    path = _static_path(str((request.view_args or {}).get("filename", "")))
    if not path.is_file():
        return response
    stamp = path.stat().st_mtime_ns
    response.cache_control.no_cache = None
    response.cache_control.public = True
    if request.args.get(VERSION) == _version(path, stamp):
        response.cache_control.max_age, response.cache_control.immutable = FILE_SECONDS, True
    else:
        response.cache_control.max_age = UNNAMED_SECONDS
    if response.mimetype in COMPRESSED and path.stat().st_size >= WORTH_BYTES:
        response.vary.add("Accept-Encoding")
        if response.status_code == 200 and request.accept_encodings["gzip"] > 0 and not request.range:
            response.direct_passthrough = False
            response.response.close()  # type: ignore[union-attr]  # the file that send_file opened
            response.set_data(_compressed(path, stamp))
            response.content_encoding = "gzip"
            response.set_etag(response.get_etag()[0] or "", weak=True)
    return response


def _static_path(filename: str) -> Path:
    return Path(current_app.static_folder or "", filename)


@lru_cache(maxsize=512)
def _version(path: Path, _stamp: int) -> str:
    return hashlib.blake2b(path.read_bytes(), digest_size=6).hexdigest()


@lru_cache(maxsize=128)
def _compressed(path: Path, _stamp: int) -> bytes:
    """In memory: the files worth it are a few dozen, some 400 KB together."""
    return gzip.compress(path.read_bytes(), 9)
