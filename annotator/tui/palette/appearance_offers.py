"""Lines of the palette on how the screens look: the list of themes, and each theme."""

from __future__ import annotations

from collections.abc import Iterator

from annotator.tui.screens.layers import keyboard_app
from annotator.tui.screens.offers import Below, Offer
from annotator.tui.screens.theme_prompt import ThemePrompt, theme_lines


def theme_offers(below: Below) -> Iterator[Offer]:
    """The list with its preview, then every theme but the present one."""
    appearance = keyboard_app(below.screen).appearance
    if appearance is None or len(appearance.themes) < 2:
        return

    def said(name: str) -> None:
        below.screen.say(f"The theme is {name} from now on.")

    def open_list() -> None:
        below.prompts.open(ThemePrompt(appearance, said))

    yield Offer(
        "themes", "Choose a theme…", open_list, about="shows each at once", also="colours colors"
    )
    for line in theme_lines(appearance, said):
        if line.name != f"theme:{appearance.theme}":
            yield line
