"""The blueprint of the domain."""

from flask import Blueprint

blueprint = Blueprint("event_day", __name__)
