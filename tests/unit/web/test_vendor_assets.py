import re
import sys
from pathlib import Path

import pytest

from app.vendor_assets import APP, COPIES, SetupError, copy_assets, install_packages

TEMPLATES = APP / "templates"
ICONS = APP / "static" / "vendor" / "dsfr" / "icons"


@pytest.fixture
def modules(tmp_path: Path) -> Path:
    """A node_modules folder with every file that is copied."""
    root = tmp_path / "node_modules"
    for source, pattern, _ in COPIES:
        origin = root / source
        path = origin / pattern.replace("**/*", "system/add-line").replace("*", "one") if pattern else origin
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("four")
    return root


def test_copy_keeps_the_places_the_stylesheets_point_at(modules: Path, tmp_path: Path) -> None:
    vendor = tmp_path / "vendor"

    size = copy_assets(modules, vendor)

    assert size == 4 * len(COPIES)
    assert (vendor / "dsfr/utility/utility.min.css").is_file()
    assert (vendor / "dsfr/icons/system/add-line.svg").is_file()


def test_copy_twice_gives_the_same_and_drops_what_is_no_longer_needed(modules: Path, tmp_path: Path) -> None:
    vendor = tmp_path / "vendor"
    first = copy_assets(modules, vendor)
    (vendor / "old.js").write_text("old")

    assert copy_assets(modules, vendor) == first
    assert not (vendor / "old.js").exists()


def test_copy_with_a_missing_file_says_which_and_keeps_the_old_copy(modules: Path, tmp_path: Path) -> None:
    vendor = tmp_path / "vendor"
    copy_assets(modules, vendor)
    (modules / "htmx.org/dist/htmx.min.js").unlink()

    with pytest.raises(SetupError, match=r"htmx\.min\.js"):
        copy_assets(modules, vendor)

    assert (vendor / "htmx/htmx.min.js").is_file()


def test_failing_npm_says_what_npm_said(tmp_path: Path) -> None:
    script = tmp_path / "npm.py"
    script.write_text("import sys; sys.stderr.write('registry refuses'); sys.exit(7)")

    with pytest.raises(SetupError, match=r"(?s)code 7.*registry refuses"):
        install_packages(tmp_path, [sys.executable, str(script)])


def test_absent_npm_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"Node\.js 20"):
        install_packages(tmp_path, [str(tmp_path / "npm")])


def test_lock_records_no_download_address() -> None:
    assert "resolved" not in (APP / "package-lock.json").read_text(encoding="utf-8")


def test_every_icon_named_in_a_template_exists() -> None:
    """An unknown icon class is drawn as a black square."""
    if not ICONS.is_dir():
        pytest.skip("the front-end files are not there: run `make setup`")
    known = {path.stem for path in ICONS.rglob("*.svg")}
    text = "\n".join(path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html"))
    text += (APP / "web" / "navigation.py").read_text(encoding="utf-8")
    named = set(re.findall(r"""fr-icon-([a-z0-9-]+[a-z0-9])""", text))
    named |= set(re.findall(r"""["']?icon["']?\s*[:=]\s*["']([a-z0-9-]+)["']""", text))

    assert named, "the patterns above no longer find any icon"
    assert sorted(named - known) == []
