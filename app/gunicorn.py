"""Settings of the web server: read by gunicorn as `python:app.gunicorn`."""

import os
import threading
from typing import Any

worker_class = "gthread"
graceful_timeout = 30
keepalive = 5
max_requests = 10_000
max_requests_jitter = 1_000
accesslog = None
errorlog = "-"
loglevel = "warning"


def on_starting(server: Any) -> None:
    """Share the cores between the workers, before any of them loads FAISS or torch."""
    share = max(1, (os.cpu_count() or 1) // int(server.cfg.workers))
    os.environ.setdefault("OMP_NUM_THREADS", str(share))


def post_worker_init(worker: Any) -> None:
    """Load the model and the index while the first pages are read, so that no visitor waits for them."""
    app = worker.app.wsgi()
    threading.Thread(target=_warm_up, args=(app,), daemon=True).start()


def _warm_up(app: Any) -> None:
    from app.matchmaking.engine import engine  # after the fork: torch must not be loaded before it

    with app.app_context():
        engine().search("messagerie", limit=1)
    app.extensions["watch"].glance()
