"""The screens over the queue, and the actions that open them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.signal import Signal

from annotator.tui.keys import KeyMap, Mode, keymap
from annotator.tui.queue.queue_list import QueueList
from annotator.tui.queue.queue_questions import QueueQuestions
from annotator.tui.screens.layers import KeyScreen

if TYPE_CHECKING:
    from annotator.tui.agreement.agreement_reading import AgreementReading
    from annotator.tui.statistics.statistics_reading import StatisticsReading


class QueueDoors:
    """One method per action that opens a screen; each does nothing before the workspace is open.

    `changed` tells a screen over the queue that the store has changed.
    """

    def __init__(
        self,
        screen: KeyScreen,
        rows: QueueList,
        questions: QueueQuestions,
        changed: Signal[None],
    ) -> None:
        self.keymap: KeyMap = keymap()
        self._screen, self._changed = screen, changed
        self._rows, self._questions = rows, questions
        # Kept, so that what has been read is not read again.
        self._agreed: AgreementReading | None = None
        self._counted: StatisticsReading | None = None

    def do_queue_rejected(self) -> None:
        if self._questions.setup is not None:
            from annotator.tui.queue.rejected_screen import RejectedScreen

            self._screen.show_over(
                RejectedScreen(self._questions.setup, self.keymap, self._changed)
            )

    def do_queue_overruled(self) -> None:
        if self._questions.setup is not None:
            from annotator.tui.agreement.overruled_screen import overruled_screen

            self._screen.show_over(overruled_screen(self._questions.setup, self.keymap))

    def do_queue_checks(self) -> None:
        if self._questions.setup is not None:
            from annotator.tui.agreement.checks_screen import checks_screen

            self._screen.show_over(checks_screen(self._questions.setup, self.keymap))

    def do_queue_find(self) -> None:
        if self._questions.setup is not None:
            from annotator.tui.search.search_screen import SearchScreen

            self._screen.show_over(SearchScreen(self._questions.setup))

    def do_queue_lint(self) -> None:
        if self._questions.setup is not None:
            from annotator.tui.lint.lint_screen import LintScreen

            self._screen.show_over(LintScreen(self._questions.setup, self.keymap))

    def do_queue_agreement(self) -> None:
        self._show_agreement(self._screen)

    def _show_agreement(self, below: KeyScreen) -> None:
        if self._questions.setup is not None:
            from annotator.tui.agreement.agreement_reading import AgreementReading
            from annotator.tui.agreement.agreement_screen import AgreementScreen

            if self._agreed is None:
                self._agreed = AgreementReading(self._questions.setup)
            screen = AgreementScreen(self._questions.setup, self._agreed, self.keymap)
            below.show_over(screen)

    def do_queue_statistics(self) -> None:
        setup = self._questions.setup
        if setup is not None:
            from annotator.tui.statistics.statistics_reading import StatisticsReading
            from annotator.tui.statistics.statistics_screen import StatisticsScreen

            if self._counted is None:
                self._counted = StatisticsReading(setup)
            screen = StatisticsScreen(
                setup, self._counted, self.keymap, lambda: self._show_agreement(screen)
            )
            self._screen.show_over(screen)

    def do_queue_stories(self) -> None:
        if self._questions.setup is not None:
            from annotator.tui.stories.stories_screen import StoriesScreen

            here = self._rows.row
            article = None if here is None else (here.id, here.title)
            self._screen.show_over(StoriesScreen(self._questions.setup, self.keymap, article))

    def do_queue_identities(self) -> None:
        if self._questions.setup is not None:
            from annotator.tui.identities.identities_screen import IdentitiesOverQueue

            self._screen.show_over(IdentitiesOverQueue(self._questions.setup, self.keymap))

    def do_queue_help(self) -> None:
        if self._questions.setup is not None:
            from annotator.tui.screens.help_screen import HelpScreen

            self._screen.show_over(HelpScreen(self._questions.setup, self.keymap, Mode.QUEUE))
