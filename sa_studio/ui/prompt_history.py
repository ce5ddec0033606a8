"""The prompts of before, as in a shell: Ctrl+Up and Ctrl+Down, or from a list that is searched."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QToolButton

from sa_studio.events import JobEvent, JobQueued
from sa_studio.service import Studio
from sa_studio.ui.field_box import name_widget
from sa_studio.ui.grouped_tree import Row
from sa_studio.ui.icons import icon
from sa_studio.ui.prompt_sounds import put_text
from sa_studio.ui.question import Question
from sa_studio.ui.search_list import SearchList

KEPT = 200
STEPS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
IGNORED = Qt.KeyboardModifier.KeypadModifier  # the arrows have it on macOS
HOW = "Click or Enter: use it · in the prompt itself: Ctrl+Up and Ctrl+Down"


class PromptHistory(QObject):
    """Reads what was asked for from the library once, and notes what is asked for from then on.

    Attributes:
        button: opens the list; to be laid out beside the prompt.
        prompts: the newest first, each once.
    """

    problem = Signal(object)
    """A :class:`StudioError`: the library cannot be read."""

    def __init__(self, studio: Studio, prompt: QPlainTextEdit) -> None:
        super().__init__(prompt)
        self._prompt = prompt
        self.prompts: list[str] = []
        self.list: SearchList | None = None
        self.button = QToolButton()
        name_widget(self.button, "prompt_history_button", "Prompts of before")
        self.button.setIcon(icon("history", color="quiet"))
        self.button.setProperty("role", "flat")
        self.button.setToolTip("Prompts of before (in the prompt: Ctrl+Up, Ctrl+Down)")
        self.button.setIconSize(QSize(16, 16))
        self.button.setEnabled(False)
        # which of the prompts is shown, and what stood there before they were gone through
        self._place, self._draft, self._shown = -1, "", ""
        self._question = Question("prompts", self)
        self._question.answered.connect(self._loaded)
        self._question.failed.connect(self.problem)
        self._question.ask(lambda: studio.prompts(KEPT))
        self.button.clicked.connect(self.show_list)
        prompt.installEventFilter(self)

    def close_threads(self) -> None:
        """Wait for the library to be read."""
        self._question.close()

    @Slot(object)
    def on_event(self, event: JobEvent) -> None:
        """Note the prompt of a job."""
        if isinstance(event, JobQueued):
            self._note([event.clips[0].request.prompt_as_asked, *self.prompts])
            self._place = -1

    @Slot(object)
    def _loaded(self, prompts: list[str]) -> None:
        self._note([*self.prompts, *prompts])  # what was asked for meanwhile is newer

    def _note(self, prompts: list[str]) -> None:
        self.prompts = list(dict.fromkeys(prompts))[:KEPT]
        self.button.setEnabled(bool(self.prompts))

    # --- as in a shell ----------------------------------------------------------------------
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Take Ctrl with an arrow up or down, and no other key."""
        if isinstance(event, QKeyEvent) and event.key() in STEPS:
            control = Qt.KeyboardModifier.ControlModifier
            if (event.modifiers() & ~IGNORED) == control:
                if event.type() == QEvent.Type.ShortcutOverride:
                    event.accept()  # it is no shortcut of the window's here
                    return True
                if event.type() == QEvent.Type.KeyPress:
                    self.go(STEPS[Qt.Key(event.key())])
                    return True
        return super().eventFilter(watched, event)

    def go(self, steps: int) -> None:
        """Show an older prompt (1) or a newer one (-1); past the newest what was being typed."""
        text = self._prompt.toPlainText()
        if self._place < 0 or text != self._shown:  # it was edited: a new draft
            self._place, self._draft = -1, text
        place = self._place + steps
        while 0 <= place < len(self.prompts) and self.prompts[place] == text:
            place += steps  # it is here already
        if place >= len(self.prompts) or (place < 0 and self._place < 0):
            return
        self._place = max(place, -1)
        self._shown = self._draft if self._place < 0 else self.prompts[self._place]
        put_text(self._prompt, self._shown)
        self._shown = self._prompt.toPlainText()  # as the editor gives it back

    # --- as a list --------------------------------------------------------------------------
    @Slot()
    def show_list(self) -> None:
        """Open the list beside the prompt."""
        if self.list is None:
            self.list = SearchList(
                self.button,
                "prompt_history",
                "Prompts of before",
                search="Search prompts of before",
                nothing="No prompt of before has these words.",
                how=HOW,
            )
            self.list.chosen.connect(self._choose)
            self.list.added.connect(self._choose)
        rows = [Row(text) for text in self.prompts]
        self.list.set_pages({"Prompts": {"The newest first": rows}})
        corner = self._prompt.mapToGlobal(self._prompt.rect().topLeft())
        self.list.open_beside(QRect(corner, self._prompt.size()))

    @Slot(str)
    def _choose(self, text: str) -> None:
        put_text(self._prompt, text)
