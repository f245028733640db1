"""Files kept between a try and its confirmation."""

import os
from pathlib import Path

from app.core.storage import Uploads


def test_upload_is_found_by_its_token_until_forgotten(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path)
    token = uploads.keep(b"contenu")

    assert uploads.find(token) == b"contenu"
    uploads.forget(token)
    assert uploads.find(token) is None


def test_upload_too_old_is_not_found_and_removed_by_the_next(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path, lifetime_s=60)
    token = uploads.keep(b"ancien")
    path = uploads.folder / token
    os.utime(path, (path.stat().st_mtime - 61,) * 2)

    assert uploads.find(token) is None
    uploads.keep(b"nouveau")
    assert not path.exists()


def test_upload_token_cannot_name_another_file(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_bytes(b"secret")
    uploads = Uploads(tmp_path)
    uploads.keep(b"x")

    assert [uploads.find(name) for name in ("../secret_key", "", "a/../../secret_key")] == [None, None, None]
