"""The command `python -m matching.scheduling`."""

import signal
import sys

if __name__ == "__main__":
    interrupted: list[int] = []

    def leave(number: int, _frame: object) -> None:
        interrupted.append(number)
        sys.exit(130)

    signal.signal(signal.SIGINT, leave)  # until the command itself listens
    import os

    from matching.scheduling.cli.command import main

    signal.signal(signal.SIGINT, signal.default_int_handler)
    if interrupted:  # while a library was being imported, which may swallow what a handler raises
        sys.exit(130)
    code = main()
    for stream in (sys.stdout, sys.stderr):
        if not stream.closed:
            stream.flush()
    os._exit(code)  # a solver's call left behind must not end in an abort of its thread
