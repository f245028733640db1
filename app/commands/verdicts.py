"""Taking the verdicts out, to measure the matching on real use."""

from pathlib import Path

import click

from app.matchmaking.services.verdict_export import verdict_figures, verdict_files
from app.permissions import SYSTEM
from app.wiring import create_app


@click.command("export-verdicts", help="Exporte les avis des ambassades, au format de matching.evaluation.")
@click.argument("folder", type=click.Path(file_okay=False, writable=True, path_type=Path))
def export_verdicts(folder: Path) -> None:
    with create_app().app_context():
        files, figures = verdict_files(SYSTEM), verdict_figures(SYSTEM)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    click.echo(f"{figures.verdicts} avis sur {figures.needs} besoins, dans {folder}.")
