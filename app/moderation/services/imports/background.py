"""Imports in the background: tried on a copy, then written in short commits, with progress and a stop."""

from collections.abc import Callable
from time import monotonic, sleep

from app.accounts.queries import actor_of, find_user
from app.core.db import commit, db, flush_for_id, rollback, unit_of_work
from app.core.errors import InvalidTransition, NotFound
from app.core.i18n import force_locale
from app.core.i18n import gettext as _
from app.core.jobs import enqueue
from app.core.savepoints import scratch
from app.moderation.enums import ImportKind
from app.moderation.models import ImportRun
from app.moderation.services.imports.report import ImportReport
from app.moderation.services.imports.run import IMPORTERS, run_import
from app.permissions import Actor, Permission, require

# SQLite has no queue for its lock: who waits looks again every tenth of a second, and would find it taken.
BREATH_S = 0.15
OnRows = Callable[[int, int], bool]
"""Told (rows done, rows in all); False stops the import there."""


def try_import(actor: Actor, kind: ImportKind, data: bytes, file_name: str) -> ImportRun:
    """Ask for a trial of a file. Raises RuleBroken on field `file` when it is not one of this kind at all."""
    require(actor, Permission.IMPORT_RUN)
    IMPORTERS[kind].read(data, file_name)
    return _start(actor, kind, data, file_name, dry_run=True)


def confirm_import(actor: Actor, tried: ImportRun) -> ImportRun:
    """Ask for what was tried to be imported; once."""
    require(actor, Permission.IMPORT_RUN)
    if not tried.dry_run or not tried.report or not tried.data:
        raise InvalidTransition(_("Ce fichier n’est plus gardé : envoyez-le de nouveau."))
    data, tried.data = tried.data, b""
    return _start(actor, tried.kind, data, tried.file_name, dry_run=False)


def stop_import(actor: Actor, run: ImportRun) -> None:
    """Stop after the rows under way; what was imported stays."""
    require(actor, Permission.IMPORT_RUN)
    if not run.job.is_active:
        raise InvalidTransition(_("Cet import est déjà terminé."))
    run.job.cancel_requested = True


def do_import(run_id: int, on_rows: OnRows) -> None:
    """Read the file and keep its report; a second time changes nothing more."""
    run = db.session.get_one(ImportRun, run_id)
    user = find_user(run.requested_by_id)
    if user is None:
        raise NotFound(_("Le compte qui a demandé cet import n’est plus actif."))
    actor, kind, data, name = actor_of(user), run.kind, run.data, run.file_name
    dry_run, language = run.dry_run, user.language
    rollback()
    with force_locale(language):
        report = (
            _tried(actor, kind, data, name, on_rows) if dry_run else _done(actor, kind, data, name, on_rows)
        )
    with unit_of_work() as session:
        kept = session.get_one(ImportRun, run_id)
        kept.report = report.as_dict()
        kept.data = data if dry_run else b""


def _tried(actor: Actor, kind: ImportKind, data: bytes, name: str, on_rows: OnRows) -> ImportReport:
    with scratch():
        return run_import(actor, kind, data, dry_run=True, file_name=name, on_rows=on_rows)


def _done(actor: Actor, kind: ImportKind, data: bytes, name: str, on_rows: OnRows) -> ImportReport:
    since = monotonic()

    def between(done: int, total: int) -> bool:
        nonlocal since
        commit()
        sleep(max(BREATH_S, monotonic() - since))  # half of the time is for others
        goes_on = on_rows(done, total)
        since = monotonic()
        return goes_on

    with unit_of_work():
        return run_import(actor, kind, data, dry_run=False, file_name=name, on_rows=between)


def _start(actor: Actor, kind: ImportKind, data: bytes, file_name: str, *, dry_run: bool) -> ImportRun:
    job = enqueue("import")
    run = ImportRun(
        kind=kind,
        data=data,
        file_name=file_name[:200],
        dry_run=dry_run,
        job=job,
        requested_by_id=actor.user_id,
    )
    db.session.add(run)
    flush_for_id()
    job.payload = {"run_id": run.id}
    return run
