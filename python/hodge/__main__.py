"""The program ``hodge``, also as ``python -m hodge``."""

import sys

from ._hodge import main as run


def main() -> int:
    """Run the program with the arguments of this process; its exit code."""
    return run(["hodge", *sys.argv[1:]], [sys.executable, "-m", "hodge"])


if __name__ == "__main__":
    sys.exit(main())
