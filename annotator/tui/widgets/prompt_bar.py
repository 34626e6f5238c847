"""Widget: the open prompt, over the lines at the foot."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.tui.widgets.bar import Bar, BarLine


class PromptBar(Bar):
    """The lines of a prompt; none while no prompt is open.

    It has its place in the layout all the time: where a widget appears or goes, Textual draws the
    whole screen again.
    """

    DEFAULT_CSS = """
    PromptBar {
        layer: overlay;
        dock: bottom;
        height: 0;
        background: $panel;
    }
    """

    def show_prompt(self, lines: Sequence[BarLine]) -> None:
        """Show the lines of the open prompt, none if there is none."""
        self.styles.height = len(lines)
        self.show(*lines)
