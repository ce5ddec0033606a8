"""Below the prompt: prompts to try, or what to try instead of what the model does not know."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from sa_studio.ui.field_box import name_widget, text_label
from sa_studio.ui.flow_layout import FlowLayout
from sa_studio.vocabulary.hint import PromptHint

SHOWN = 4
SHOWN_WORDS, SHOWN_LETTERS = 3, 24


class PromptHelp(QWidget):
    """Small buttons with example prompts, and with a hint, the sounds that come near.

    The last button opens the list of all that the model knows.

    Args:
        prompt: the field that they are about; the Tab key comes from there.
    """

    prompt_chosen = Signal(str)
    sound_chosen = Signal(str)
    """Use this sound in place of what the hint is about."""
    list_requested = Signal()

    def __init__(self, prompt: QWidget) -> None:
        super().__init__()
        self._prompt = prompt
        self.setObjectName("example_prompts")
        self._prompts: Sequence[str] = ()
        self._sounds, self._has_more = 0, False
        self._hint: PromptHint | None = None
        self.hint = text_label("", "quiet", wrap=True)
        name_widget(self.hint, "prompt_hint", "Hint about the prompt")
        self.hint.hide()
        self.list_button = _chip("")
        name_widget(
            self.list_button,
            "sound_list_button",
            "List of sounds",
            "Search everything that this model knows (Ctrl+L)",
        )
        self.list_button.hide()
        self._chips = FlowLayout()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.hint)
        layout.addLayout(self._chips)
        self.list_button.clicked.connect(self.list_requested)

    def set_known(self, prompts: Sequence[str], sounds: int, *, has_more: bool = False) -> None:
        """Show a few of ``prompts`` from all over the list; the model knows ``sounds`` sounds.

        ``has_more``: there are examples besides the model's.
        """
        self._prompts, self._sounds, self._hint = prompts, sounds, None
        self._has_more = has_more
        self._update()

    def show_hint(self, hint: PromptHint | None) -> None:
        """Show ``hint`` in place of the examples, or these again."""
        if hint != self._hint:
            self._hint = hint
            self._update()

    def _update(self) -> None:
        hint = self._hint
        self.hint.setText("" if hint is None else hint_text(hint))
        self.hint.setAccessibleDescription(self.hint.text())
        self.hint.setVisible(hint is not None)
        if hint is None:
            shown = min(SHOWN, len(self._prompts))
            prompts = [self._prompts[n * len(self._prompts) // shown] for n in range(shown)]
            self._show_chips(prompts, "Example prompt", "Use this prompt", self._prompt_clicked)
        else:
            self._show_chips(hint.nearest, "Nearest sound", "Use this sound", self._sound_clicked)
        has_list = self._sounds > 0 or self._has_more or len(self._prompts) > SHOWN
        whole = f"All {self._sounds} sounds…" if self._sounds else "All examples…"
        self.list_button.setText(whole if hint is None else "See what it knows…")
        self.list_button.setVisible(has_list)
        self.setVisible(bool(self._prompts) or has_list)
        self.updateGeometry()

    def _show_chips(self, texts: Sequence[str], kind: str, tip: str, clicked: object) -> None:
        """The buttons anew, the one for the list behind them."""
        while item := self._chips.takeAt(0):
            widget = item.widget()
            if widget is not None and widget is not self.list_button:
                widget.hide()
                widget.deleteLater()
        for text in texts:
            chip = _chip(text)
            name_widget(chip, f"{kind.lower().replace(' ', '_')}_chip", f"{kind}: {text}", tip)
            chip.clicked.connect(clicked)
            self._chips.addWidget(chip)
            chip.show()
        self._chips.addWidget(self.list_button)
        # reached behind what was made just now
        for before, after in pairwise([self._prompt, *self._buttons()]):
            QWidget.setTabOrder(before, after)

    def _buttons(self) -> list[QWidget]:
        items = (self._chips.itemAt(number) for number in range(self._chips.count()))
        return [widget for item in items if item and (widget := item.widget())]

    @Slot()
    def _prompt_clicked(self) -> None:
        chip = self.sender()
        if isinstance(chip, QPushButton):
            self.prompt_chosen.emit(chip.text())

    @Slot()
    def _sound_clicked(self) -> None:
        chip = self.sender()
        if isinstance(chip, QPushButton):
            self.sound_chosen.emit(chip.text())


def _chip(text: str) -> QPushButton:
    chip = QPushButton(text)
    chip.setProperty("role", "chip")
    chip.setCursor(Qt.CursorShape.PointingHandCursor)
    return chip


def hint_text(hint: PromptHint) -> str:
    """What the hint says; the nearest sounds follow as buttons."""
    if hint.unknown:
        *others, last = [f"“{_short(word)}”" for word in hint.unknown[:SHOWN_WORDS]]
        if len(hint.unknown) > SHOWN_WORDS:
            others, last = [*others, last], "more"
        text = f"This model has not learned {', '.join(others)}{' or ' * bool(others)}{last}."
    else:
        text = "No sound is named here that this model has learned."
    return f"{text} Nearest:" if hint.nearest else text


def _short(word: str) -> str:
    return word if len(word) <= SHOWN_LETTERS else f"{word[: SHOWN_LETTERS - 1]}…"
