"""`python -m app.commands`: the same as the console script, for processes we start ourselves."""

from app.commands import main

main()
