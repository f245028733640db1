"""Files kept under the hash of their content."""

import hashlib
import io
import os
from pathlib import Path

import pytest

from app.core.storage import GRACE_S, HashedFiles


def kept(files: HashedFiles, content: bytes) -> str:
    path, sha256 = files.receive(io.BytesIO(content))
    files.keep(path, sha256)
    return sha256


def test_what_is_kept_is_found_by_its_hash_and_readable_by_nobody_else(tmp_path: Path) -> None:
    files = HashedFiles(tmp_path / "evidence")
    sha256 = kept(files, b"contenu")
    path = tmp_path / "evidence" / sha256[:2] / sha256

    assert sha256 == hashlib.sha256(b"contenu").hexdigest()
    assert files.path_of(sha256) == path
    assert path.read_bytes() == b"contenu"
    assert path.stat().st_mode & 0o077 == 0
    assert kept(files, b"contenu") == sha256
    assert [one for one in files.folder.rglob("*") if one.is_file()] == [path]


@pytest.mark.parametrize("name", ["../secret_key", "", "A" * 64, "a" * 63, "0" * 63 + "/"])
def test_nothing_but_a_hash_is_a_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not a SHA-256"):
        HashedFiles(tmp_path).path_of(name)


def test_a_source_that_fails_leaves_nothing(tmp_path: Path) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError("cut")

    files = HashedFiles(tmp_path)
    with pytest.raises(OSError, match="cut"):
        files.receive(Broken())
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == []


def test_sweep_takes_what_no_row_names_once_old(tmp_path: Path) -> None:
    files = HashedFiles(tmp_path)
    wanted, left, fresh = kept(files, b"voulu"), kept(files, b"perdu"), kept(files, b"nouveau")
    abandoned, _sha256 = files.receive(io.BytesIO(b"abandon"))
    for path in (files.path_of(wanted), files.path_of(left), abandoned):
        os.utime(path, (path.stat().st_mtime - GRACE_S - 1,) * 2)

    assert files.sweep({wanted}) == 2
    assert [files.path_of(one).exists() for one in (wanted, left, fresh)] == [True, False, True]
    assert not abandoned.exists()
