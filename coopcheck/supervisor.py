"""`make demo` runs `python -m coopcheck.supervisor`: the whole of CoopCheck under one process."""

from __future__ import annotations

import argparse
import os
import sys

from django.core.exceptions import ImproperlyConfigured

from coopcheck.terminal import Terminal


def main() -> int:
    """Run the demo; 0 when it was asked to stop, 1 when it could not go on."""
    parser = argparse.ArgumentParser(prog="python -m coopcheck.supervisor", description=__doc__)
    parser.add_argument(
        "--stop-with-parent",
        action="store_true",
        help="stop also when the process that started this one ends, as make does when killed",
    )
    arguments = parser.parse_args()
    parent = os.getppid() if arguments.stop_with_parent else None
    try:
        from coopcheck import demo  # It reads the environment, which may be wrong.
    except ImproperlyConfigured as error:
        Terminal().say(f"CoopCheck cannot start: {error}")
        return 1
    return demo.run(parent=parent)


if __name__ == "__main__":
    sys.exit(main())
