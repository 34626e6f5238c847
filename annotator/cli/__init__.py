"""The verbs, one file each; the only place where settings, store, pipeline and screens meet.

Results go to standard output, all else to standard error. Exit status: 0 done, 1 an error that the
user can act on, 2 wrong usage, 130 interrupted. Each verb imports what it needs when it runs, so
that the screens come up at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from annotator.cli.plain import screens_asked_for
from annotator.cli.shared import ERROR
from annotator.errors import AnnotatorError

INTERRUPTED = 130


def main() -> None:
    """Run the verb on the command line and leave with its exit status."""
    try:
        status = _carry_out(sys.argv[1:])
    except AnnotatorError as error:
        print(f"{ERROR}{error.message}", file=sys.stderr)
        if error.hint:
            print(f"  {error.hint}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except SystemExit as end:
        # Typer ends us so when the reader of our output has gone; what it had wanted, it has.
        if not isinstance(end.__context__, BrokenPipeError):
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        sys.exit(_usage(error))
    sys.exit(status if isinstance(status, int) else 0)


def _carry_out(words: Sequence[str]) -> object:
    plain = screens_asked_for(words)
    if plain is not None:
        return plain()
    from annotator.cli.verbs import app

    return app(standalone_mode=False)


def _usage(error: Exception) -> int:
    """The exit status of a wrong call; any other error is a bug and keeps its traceback."""
    show, status = getattr(error, "show", None), getattr(error, "exit_code", None)
    if type(error).__name__ == "Abort":
        return INTERRUPTED
    if callable(show) and isinstance(status, int):
        show()
        return status
    raise error
