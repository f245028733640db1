"""What may be kept: public pages for a moment, static files for a year, nothing of a person's."""

import gzip
import re

import pytest

from app.permissions import Role
from tests.clients import IsolatedClient
from tests.factories import make_offer, make_user

PUBLIC = ["/offres", "/besoins", "/fournisseurs", "/solutions-mutualisees"]


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_is_kept_a_moment_and_asked_again_for_nothing(
    client: IsolatedClient, path: str
) -> None:
    first = client.get(path)
    assert first.headers["Cache-Control"] == "public, max-age=60"
    assert {"Cookie", "Accept-Language"} <= set(first.vary)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_page_that_changed_is_sent_again(client: IsolatedClient) -> None:
    before = client.get("/solutions-mutualisees")
    french = client.get("/fournisseurs").headers["ETag"]
    english = client.get("/fournisseurs", headers={"Accept-Language": "en"})
    assert english.headers["ETag"] != french
    make_offer()
    again = client.get("/fournisseurs", headers={"If-None-Match": french})
    assert again.status_code == 200
    assert before.status_code == 200


@pytest.mark.parametrize("path", [*PUBLIC, "/compte"])
def test_a_page_of_someone_signed_in_is_never_kept(client: IsolatedClient, path: str) -> None:
    client.sign_in(make_user(Role.VENDOR))
    page = client.get(path)
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "ETag" not in page.headers


@pytest.mark.parametrize("path", ["/connexion", "/inscription"])
def test_a_page_that_carries_a_token_is_never_shared(client: IsolatedClient, path: str) -> None:
    page = client.get(path)
    assert "public" not in page.headers.get("Cache-Control", "")


def test_static_files_carry_their_content_in_their_address(client: IsolatedClient) -> None:
    addresses = re.findall(r"/statique/css/site\.css\?v=[0-9a-f]{12}", client.get("/offres").text)
    assert len(addresses) == 1
    named = client.get(addresses[0], buffered=True)
    assert named.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    for other in ("/statique/css/site.css", "/statique/css/site.css?v=000000000000"):
        assert client.get(other, buffered=True).headers["Cache-Control"] == "public, max-age=3600"
    kept = client.get(addresses[0], headers={"If-None-Match": named.headers["ETag"]}, buffered=True)
    assert kept.status_code == 304


def test_static_files_are_compressed_for_who_takes_it(client: IsolatedClient) -> None:
    plain = client.get("/statique/css/site.css", buffered=True)
    packed = client.get("/statique/css/site.css", headers={"Accept-Encoding": "gzip"}, buffered=True)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data)
    assert packed.headers["ETag"].startswith("W/")
    assert "Accept-Encoding" in plain.vary
    kept = client.get(
        "/statique/css/site.css",
        headers={"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]},
        buffered=True,
    )
    assert kept.status_code == 304


def test_a_missing_file_is_not_kept(client: IsolatedClient) -> None:
    missing = client.get("/statique/css/rien.css")
    assert missing.status_code == 404
    assert "max-age" not in missing.headers.get("Cache-Control", "")
