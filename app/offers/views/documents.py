"""A document that comes with a form, read with no transaction open."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import request

from app.claims.forms import EvidenceFields
from app.claims.services import Received, receiving, too_large
from app.core.db import rollback
from app.core.errors import RuleBroken
from app.core.i18n import gettext as _


@contextmanager
def document_of(form: EvidenceFields) -> Iterator[Received | None]:
    """The document of a form, checked, or None; gone at the end of the block unless it was kept. What was
    read before is read again after."""
    sent = form.evidence_file.data
    if not sent:
        yield None
        return
    if len(request.files.getlist(form.evidence_file.name)) > 1:
        raise RuleBroken(fields={"evidence_file": _("Un document à la fois : ajoutez les autres ensuite.")})
    if getattr(sent.stream, "overflowed", False):
        raise too_large()
    rollback()
    with receiving(sent.stream, sent.filename or "") as received:
        yield received
