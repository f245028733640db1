"""The command `python -m matching.scheduling`."""

import signal
import sys

if __name__ == "__main__":
    signal.signal(signal.SIGINT, lambda *_: sys.exit(130))  # until the command itself listens
    import os

    from matching.scheduling.cli.command import main

    signal.signal(signal.SIGINT, signal.default_int_handler)
    code = main()
    for stream in (sys.stdout, sys.stderr):
        if not stream.closed:
            stream.flush()
    os._exit(code)  # a solver's call left behind must not end in an abort of its thread
