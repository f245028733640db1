"""Command line of the portal: `traitdunion COMMAND`."""

import click

from app.commands.catalogue import import_command, match_command, reindex, seed
from app.commands.demo import demo
from app.commands.operations import doctor, migrate, migration, permissions, serve, worker
from app.commands.verdicts import export_verdicts


@click.group(help="Trait d’union : le portail des besoins et des offres numériques.")
def main() -> None:
    """Entry point of the console script."""


for command in (
    demo,
    doctor,
    export_verdicts,
    import_command,
    match_command,
    migrate,
    migration,
    permissions,
    reindex,
    seed,
    serve,
    worker,
):
    main.add_command(command)
