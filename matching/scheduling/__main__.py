"""The command `python -m matching.scheduling`."""

import sys

from matching.scheduling.cli.command import main

if __name__ == "__main__":
    sys.exit(main())
