"""The command `annotator`, also as `python -m annotator`.

Imports nothing of ours at first, so that ctrl+c ends it without a traceback while it loads.
"""

import sys

_INTERRUPTED = 130  # `cli.context` has it too, and loads much


def main() -> None:
    """Run the verb on the command line and leave with its exit status."""
    try:
        from annotator.cli import main as carry_out

        carry_out()
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)


if __name__ == "__main__":
    main()
