"""What the model knows, at hand beside the prompt: examples, hints and the list of all sounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

from sa_studio.generation import ModelInfo
from sa_studio.ui.prompt_help import PromptHelp
from sa_studio.ui.sound_list import SoundList
from sa_studio.vocabulary.hint import hint_for, with_added
from sa_studio.vocabulary.sounds import NOTHING_SAID

# longer than the pause between two letters: a word that is being typed is not unknown yet
DELAY_MS = 500


class PromptSounds(QObject):
    """Looks at a prompt when it is at rest, and writes into it what is chosen. Undo undoes that.

    Attributes:
        help: examples or hint, to be laid out below the prompt.
    """

    hint_changed = Signal()

    def __init__(self, prompt: QPlainTextEdit) -> None:
        super().__init__(prompt)
        self._prompt = prompt
        self._prompts: tuple[str, ...] = ()
        self._vocabulary = NOTHING_SAID
        self._examples: Mapping[str, Sequence[str]] = {}
        self.help = PromptHelp(prompt)
        self.list: SoundList | None = None
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(DELAY_MS)
        self._delay.timeout.connect(self._look)
        prompt.textChanged.connect(self._delay.start)
        self.help.prompt_chosen.connect(self._put)
        self.help.sound_chosen.connect(self._put_sound)
        self.help.list_requested.connect(self.show_list)

    def set_model(self, model: ModelInfo) -> None:
        """Help with ``model`` from now on."""
        self._prompts, self._vocabulary = model.example_prompts, model.vocabulary
        self._update_known()
        self._look()

    def set_examples(self, examples: Mapping[str, Sequence[str]]) -> None:
        """Have these prompts in the list, too, by category."""
        self._examples = examples
        self._update_known()

    def _update_known(self) -> None:
        sounds = len(self._vocabulary.classes)
        self.help.set_known(self._prompts, sounds, has_more=bool(self._examples))
        if self.list is not None:
            self.list.set_known(self._prompts, self._vocabulary, self._examples)

    @property
    def hint_text(self) -> str:
        """What the hint says; empty without one."""
        return self.help.hint.text()

    @Slot()
    def show_list(self) -> None:
        """Open the list of everything that the model knows, and of prompts to learn from."""
        if not (self._prompts or self._vocabulary.classes or self._examples):
            return
        if self.list is None:
            self.list = SoundList(self.help.list_button)
            self.list.set_known(self._prompts, self._vocabulary, self._examples)
            self.list.chosen.connect(self._put)
            self.list.added.connect(self._add)
        corner = self._prompt.mapToGlobal(self._prompt.rect().topLeft())
        self.list.open_beside(QRect(corner, self._prompt.size()))

    @Slot()
    def _look(self) -> None:
        self._delay.stop()
        self.help.show_hint(hint_for(self._prompt.toPlainText(), self._vocabulary))
        self.hint_changed.emit()

    @Slot(str)
    def _put_sound(self, label: str) -> None:
        prompt = self._prompt.toPlainText()
        hint = hint_for(prompt, self._vocabulary)  # it may have been edited since it was shown
        self._put(with_added(prompt, label) if hint is None else hint.with_sound(prompt, label))
        # the button that was pressed is gone
        self._prompt.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(str)
    def _add(self, label: str) -> None:
        self._put(with_added(self._prompt.toPlainText(), label))

    @Slot(str)
    def _put(self, prompt: str) -> None:
        put_text(self._prompt, prompt)
        self._look()


def put_text(editor: QPlainTextEdit, text: str) -> None:
    """Write ``text`` in place of what is there; undo undoes that."""
    cursor = editor.textCursor()
    cursor.select(QTextCursor.SelectionType.Document)
    cursor.insertText(text)
    editor.setTextCursor(cursor)
