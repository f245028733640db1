"""Where the pages of offers are registered."""

from flask import Blueprint

blueprint = Blueprint("offers", __name__)
