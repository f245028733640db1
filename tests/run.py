"""`make test`: every suite in turn, saying plainly what this machine leaves out.

Suites: unit and integration on SQLite, integration again on PostgreSQL, then the browser."""

import os
import shutil
import subprocess
import sys
from time import monotonic

import psycopg

DEFAULT_SERVER = "postgresql://postgres@127.0.0.1:5432/postgres"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def find_postgres() -> str | None:
    """The server of TEST_POSTGRES_SERVER, or a local one, where it answers and lets us create databases."""
    server = os.environ.get("TEST_POSTGRES_SERVER", DEFAULT_SERVER)
    try:
        with psycopg.connect(server, connect_timeout=3) as connection:
            row = connection.execute(
                "SELECT rolcreatedb FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
    except psycopg.Error:
        return None
    return server if row and row[0] else None


def find_browser() -> str | None:
    return os.environ.get("CHROMIUM") or next(
        (path for name in BROWSERS if (path := shutil.which(name))), None
    )


def suite(title: str, *arguments: str, **environment: str) -> bool:
    sys.stdout.write(f"\n=== {title}\n")
    sys.stdout.flush()
    started = monotonic()
    command = [sys.executable, "-m", "pytest", "-q", *arguments]
    code = subprocess.run(command, env={**os.environ, **environment}, check=False).returncode
    sys.stdout.write(f"=== {title}: {'passed' if code == 0 else 'FAILED'} in {monotonic() - started:.0f} s\n")
    return code == 0


def main() -> int:
    parallel = ("-n", os.environ.get("TEST_WORKERS", "2"), "--dist", "loadfile")
    left_out = []
    passed = [suite("unit and integration, SQLite", *parallel, "tests/unit", "tests/integration")]
    server, browser = find_postgres(), find_browser()
    if server:
        title = "integration, PostgreSQL"
        passed.append(
            suite(title, *parallel, "tests/integration", TEST_POSTGRES_SERVER=server, TEST_ON_POSTGRES="1")
        )
    else:
        left_out.append("integration tests on PostgreSQL: no server answers (set TEST_POSTGRES_SERVER)")
    if browser:
        passed.append(suite("browser", "tests/browser", CHROMIUM=browser))
    else:
        left_out.append("browser tests: no Chromium on this machine (set CHROMIUM)")
    for line in left_out:
        sys.stdout.write(f"LEFT OUT {line}\n")
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
