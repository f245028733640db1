"""Pages of the domain."""

from flask import Blueprint

blueprint = Blueprint("matchmaking", __name__)
