"""What stops a command on the laptop: one line that ends with the cure."""

import sys
from collections.abc import Callable


class Trouble(Exception):
    """Nothing is broken in the code; the message says what the person at the keyboard can do."""


def told(command: Callable[[], int]) -> int:
    """Run a command; a trouble becomes one line on stderr and status 1."""
    try:
        return command()
    except Trouble as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    except KeyboardInterrupt:
        return 130
