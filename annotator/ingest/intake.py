"""Stores the files that the inbox has read, each batch in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from annotator.core.arrival import Arrival, Rejection
from annotator.errors import AnnotatorError
from annotator.store.store import Store
from annotator.store.values import TakenIn

_log = logging.getLogger(__name__)


def stored(
    batch: Sequence[Arrival], store: Store, *, is_gone: Callable[[str], bool] | None = None
) -> TakenIn:
    """Store a batch; raises StoreError if that is not possible now.

    A file that cannot be stored because of a bug in its reader is rejected alone. `is_gone` tells
    whether a file at a path no longer exists.
    """
    try:
        return store.files.take_in(batch, is_gone=is_gone)
    except AnnotatorError:
        raise
    except Exception as error:
        if len(batch) > 1:
            parts = (stored((one,), store, is_gone=is_gone) for one in batch)
            return sum(parts, TakenIn())
        _log.exception("A file could not be stored.")
        why = Rejection(
            f"The contents of the file cannot be stored ({type(error).__name__}).",
            "Save the article as plain text; report the error with the log.",
        )
        return store.files.take_in((replace(batch[0], articles=(), rejection=why),))
