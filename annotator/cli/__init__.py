"""The verbs, one file each; the only place where settings, store, pipeline and screens meet.

Results go to standard output, all else to standard error. Exit status: 0 done, 1 an error that the
user can act on, 2 wrong usage, 130 interrupted. Each verb imports what it needs when it runs, so
that the screens come up at once.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from annotator.cli.context import INTERRUPTED, tell, tell_error
from annotator.cli.fast_start import screens_asked_for
from annotator.core.text.harmless import harmless_line
from annotator.errors import AnnotatorError


def main() -> None:
    """Run the verb on the command line and leave with its exit status."""
    try:
        status = _carry_out(sys.argv[1:])
        sys.stdout.flush()
    except AnnotatorError as error:
        tell_error(error)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # The reader closed the pipe, as `| head` does: not an error.
        _pass_over_the_rest()
    except OSError as error:
        tell_error(_refusal(error))
        # Python would flush what is left on exit, and fail again.
        _pass_over_the_rest(status=1)
    except SystemExit as end:
        # Typer turns a broken pipe into SystemExit.
        if not isinstance(end.__context__, BrokenPipeError):
            raise
        _pass_over_the_rest()
    except Exception as error:
        sys.exit(_usage(error))
    finally:
        _let_go_of_a_closed_terminal()
    sys.exit(status if isinstance(status, int) else 0)


def _let_go_of_a_closed_terminal() -> None:
    """Discard what nobody can read any more; Python would fail to flush it, and exit with 120."""
    try:
        sys.stderr.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


def _pass_over_the_rest(*, status: int = 0) -> NoReturn:
    """Exit without flushing standard output."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(status)


def _refusal(error: OSError) -> AnnotatorError:
    """An error of the operating system as one that the user can act on."""
    return AnnotatorError(
        f"{_about(error) or 'A file'}: {error.strerror or error}.",
        hint="Check that it exists, that you may read and write it, and that the disk has space.",
    )


def _about(error: OSError) -> str | None:
    """The path that an error is about: the target of two, never one of our temporary files."""
    from pathlib import Path

    from annotator.replacing import TEMPORARY

    names = [name for name in (error.filename, error.filename2) if isinstance(name, str)]
    if not names:
        return None
    path = Path(names[0] if isinstance(error, FileNotFoundError) else names[-1])
    ours = [part for part in (path, *path.parents) if part.name.startswith(TEMPORARY)]
    return str(ours[-1].parent if ours else path)


def _carry_out(words: Sequence[str]) -> object:
    plain = screens_asked_for(words)
    if plain is not None:
        return plain()
    from annotator.cli.verbs import app

    return app(standalone_mode=False)


def _usage(error: Exception) -> int:
    """The exit status for wrong usage; any other error is reported as a bug."""
    show, status = getattr(error, "show", None), getattr(error, "exit_code", None)
    if type(error).__name__ == "Abort":
        return INTERRUPTED
    if callable(show) and isinstance(status, int):
        _show_harmlessly(error, show)
        return status
    return _tell_fault(error)


def _show_harmlessly(error: Any, show: Callable[[], None]) -> None:
    """Show typer's error; the words it quotes may be file names with control characters."""
    for name in ("message", "option_name", "param_hint"):
        if isinstance(said := getattr(error, name, None), str):
            setattr(error, name, harmless_line(said))
    show()


def _tell_fault(error: Exception) -> int:
    """Print the traceback without values of variables: they may hold texts and passwords."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    tell(f"{frames}{type(error).__name__}: {error}")
    tell_error(
        AnnotatorError(
            "An unexpected error occurred; everything saved so far is safe.",
            hint="Run the command again. If the error persists, report the lines above.",
        )
    )
    return 1
