"""The signs by which Prodigy tasks are recognised."""

from __future__ import annotations

from annotator.formats.shapes import ABSENT, ANY, EMPTY
from annotator.formats.signs import ADD, Sign, Signs, Strength

PRODIGY_KEYS = ("_task_hash", "_input_hash", "_view_id", "answer")
_UNLABELLED = (ABSENT, EMPTY, [{"label": ABSENT}])

# Tasks without spans are recognised only if the whole file consists of them.
PRODIGY_SIGNS = Signs(
    values=(
        Sign(
            "tasks of Prodigy that show pictures, sounds or films",
            {"text": ABSENT, ("image", "audio", "video"): ANY},
            out="They have no text.",
            strength=Strength.SHAPE,
        ),
        Sign(
            "Prodigy's comparisons of two answers",
            {"text": ABSENT, "accept": dict, "reject": dict},
            out="They compare answers and annotate no text.",
            strength=Strength.SHAPE,
        ),
        Sign(
            "Prodigy's text classification",
            {PRODIGY_KEYS: ANY, "text": str, "label": str, "spans": _UNLABELLED},
            out=f"It labels whole texts. {ADD}",
            strength=Strength.SHAPE,
        ),
        Sign(
            "Prodigy's choices between options",
            {PRODIGY_KEYS: ANY, "text": str, "options": [], "spans": _UNLABELLED},
            out=f"It labels whole texts. {ADD}",
            strength=Strength.SHAPE,
        ),
        Sign(
            "Prodigy's tasks",
            (
                {("_input_hash", "_task_hash", "_view_id", "_session_id", "_annotator_id"): ANY},
                {("tokens", "spans"): []},
                {"text": str, "answer": ("accept", "reject", "ignore")},
            ),
            strength=Strength.SHAPE,
        ),
        # doccano has relations too, but together with entities.
        Sign("Prodigy's tasks", {"text": str, "relations": []}, strength=Strength.REST),
    ),
)
