"""Pages of the domain."""

from flask import Blueprint

blueprint = Blueprint("needs", __name__)
