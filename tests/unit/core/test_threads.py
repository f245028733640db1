"""Processes that share a machine do not fight over its cores."""

import json
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from app import gunicorn

PROBE = """
import json, app.commands
from threadpoolctl import threadpool_info
print(json.dumps([pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]))
"""


@pytest.mark.parametrize(("given", "threads"), [({}, 1), ({"OPENBLAS_NUM_THREADS": "2"}, 2)])
def test_every_command_starts_with_one_thread_of_blas_unless_told(
    given: dict[str, str], threads: int
) -> None:
    inherited = {key: value for key, value in os.environ.items() if key != "OPENBLAS_NUM_THREADS"}
    said = subprocess.run(
        [sys.executable, "-c", PROBE], env=inherited | given, capture_output=True, text=True, check=True
    )
    pools = json.loads(said.stdout)
    assert pools
    assert set(pools) == {min(threads, os.cpu_count() or 1)}


@pytest.mark.parametrize(("workers", "share"), [(1, "8"), (3, "2"), (20, "1")])
def test_workers_of_the_web_server_share_the_cores(
    workers: int, share: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    gunicorn.on_starting(SimpleNamespace(cfg=SimpleNamespace(workers=workers)))
    assert os.environ["OMP_NUM_THREADS"] == share
    monkeypatch.delenv("OMP_NUM_THREADS")


def test_the_operators_own_share_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "5")
    gunicorn.on_starting(SimpleNamespace(cfg=SimpleNamespace(workers=2)))
    assert os.environ["OMP_NUM_THREADS"] == "5"
