"""Counts the tokens of the prompt while it is typed, beside the GUI thread."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QTimer, Slot

from sa_studio.generation import TokenCount
from sa_studio.service import Studio
from sa_studio.ui.generate_panel import GeneratePanel
from sa_studio.ui.question import Question
from sa_studio.vocabulary.placeholders import PlaceholderError, longest

DELAY_MS = 120

Answer = tuple[str, str, TokenCount | None]
"""Model id, prompt, and how long that is for it."""


class TokenWatch(QObject):
    """Tells the form how long its prompt is for its model, a moment after either changed."""

    def __init__(self, studio: Studio, form: GeneratePanel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio, self._form = studio, form
        self._question = Question("tokens", self)
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(DELAY_MS)
        self._delay.timeout.connect(self._ask)
        self._question.answered.connect(self._tell)
        form.prompt.textChanged.connect(self._delay.start)
        form.model_changed.connect(self._delay.start)

    def close_threads(self) -> None:
        """Wait for the count that is being made."""
        self._delay.stop()
        self._question.close()

    @Slot()
    def _ask(self) -> None:
        model, prompt = self._form.model_id, self._form.prompt.toPlainText()
        if model:
            self._question.ask(partial(self._count, model, prompt))

    def _count(self, model: str, prompt: str) -> Answer:
        """Count the longest variant of ``prompt``; runs on the question's thread."""
        try:
            variant = longest(prompt)
        except PlaceholderError:  # it is still being typed: Generate says what is wrong with it
            return model, prompt, self._studio.count_tokens(model, prompt)
        count = self._studio.count_tokens(model, variant.text)
        if count is not None and count.end is not None:
            # what is not read, in the text as it was typed
            places = [*variant.places, len(prompt)]
            count = replace(count, end=places[min(count.end, len(places) - 1)])
        return model, prompt, count

    @Slot(object)
    def _tell(self, answer: Answer) -> None:
        model, prompt, count = answer
        # what was typed meanwhile will have an answer of its own
        if (model, prompt) == (self._form.model_id, self._form.prompt.toPlainText()):
            self._form.show_tokens(count)
