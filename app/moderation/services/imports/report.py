"""What an import did, row by row, told in plain words or as JSON."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.moderation.enums import ImportKind, Outcome


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One row: its line in the file, its key, and for a refusal (column, reason) pairs."""

    line: int
    key: str
    outcome: Outcome
    reasons: tuple[tuple[str, str], ...] = ()

    @property
    def reason(self) -> str:
        return " ".join(f"{column} : {text}" if column else text for column, text in self.reasons)


@dataclass(slots=True)
class ImportReport:
    kind: ImportKind
    dry_run: bool
    rows: list[ImportRow] = field(default_factory=list)
    ignored: int = 0  # rows the importer leaves aside on purpose, told in `notes`
    notes: list[str] = field(default_factory=list)

    @property
    def totals(self) -> dict[Outcome, int]:
        counted = Counter(row.outcome for row in self.rows)
        return {outcome: counted[outcome] for outcome in Outcome}

    @property
    def refused(self) -> list[ImportRow]:
        return [row for row in self.rows if row.outcome is Outcome.REFUSED]

    @property
    def changes_anything(self) -> bool:
        return any(row.outcome in (Outcome.CREATED, Outcome.UPDATED) for row in self.rows)

    def lines(self) -> Iterator[str]:
        """The report for a terminal: refusals line by line, notes, then totals."""
        for row in self.refused:
            yield (
                str(_("Ligne %(line)s (%(key)s) : refusée. ", line=row.line, key=row.key or "?")) + row.reason
            )
        yield from self.notes
        yield self.summary()
        if self.dry_run:
            yield str(_("Essai à blanc : rien n’a été enregistré."))

    def summary(self) -> str:
        """One sentence with the totals."""
        totals = self.totals
        parts = [
            ngettext("%(num)s créée", "%(num)s créées", totals[Outcome.CREATED]),
            ngettext("%(num)s mise à jour", "%(num)s mises à jour", totals[Outcome.UPDATED]),
            ngettext("%(num)s inchangée", "%(num)s inchangées", totals[Outcome.UNCHANGED]),
            ngettext("%(num)s refusée", "%(num)s refusées", totals[Outcome.REFUSED]),
        ]
        lines = ngettext("%(num)s ligne lue : ", "%(num)s lignes lues : ", len(self.rows))
        return str(lines) + ", ".join(str(part) for part in parts) + "."

    @classmethod
    def from_dict(cls, kept: dict[str, Any]) -> "ImportReport":
        """What `as_dict` told."""
        rows = [
            ImportRow(
                row["line"],
                row["key"],
                Outcome(row["outcome"]),
                tuple((reason["field"], reason["message"]) for reason in row["reasons"]),
            )
            for row in kept["rows"]
        ]
        return cls(ImportKind(kept["kind"]), kept["dry_run"], rows, kept["ignored"], kept["notes"])

    def as_dict(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "dry_run": self.dry_run,
            "totals": {outcome.value: count for outcome, count in self.totals.items()},
            "ignored": self.ignored,
            "notes": self.notes,
            "rows": [
                {
                    "line": row.line,
                    "key": row.key,
                    "outcome": row.outcome.value,
                    "reasons": [{"field": column, "message": text} for column, text in row.reasons],
                }
                for row in self.rows
            ],
        }
