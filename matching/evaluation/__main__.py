"""The command `python -m matching.evaluation`."""

import sys

from matching.evaluation.command import main

if __name__ == "__main__":
    sys.exit(main())
