"""The portal as the load test serves it: gunicorn and the worker as in production, with the encoder that
hashes words, so that pages are compared and not encoders."""

import sys

from flask import Flask

from app.core.config import Settings
from app.core.jobs import Lane
from app.core.jobs.worker import Worker
from app.wiring import create_app
from tests.fakes import HashingEncoder

WIDTH = 384


def application() -> Flask:
    """For gunicorn."""
    return create_app(Settings(), encoder=HashingEncoder(WIDTH))


if __name__ == "__main__" and sys.argv[1:] == ["worker"]:
    Worker(application(), {Lane.MAIL: 1, Lane.SHORT: 1, Lane.LONG: 1}).work()
