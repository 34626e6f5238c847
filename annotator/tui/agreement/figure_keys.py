"""The names of the actions on the lists and figures of agreement."""

from __future__ import annotations

OPEN, CLOSE = "figures_open", "figures_close"
NEXT_PAIR, PREVIOUS_PAIR = "figures_next_pair", "figures_previous_pair"
NEXT_SUBJECT, PREVIOUS_SUBJECT = "figures_next_subject", "figures_previous_subject"
UP, DOWN, LEFT, RIGHT = "figures_up", "figures_down", "figures_left", "figures_right"
