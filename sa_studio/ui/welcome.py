"""What is seen first: one sentence, and three sounds that are one click away."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from sa_studio.ui.cover import Cover
from sa_studio.ui.field_box import name_widget, text_label
from sa_studio.ui.icons import icon

EXAMPLES = 3
WIDTH = 360
SENTENCE = (
    "Describe a sound in words, press Generate, and drag the take you like into your session."
)
TRY = "Try one now. Each is there in a few seconds:"
NO_MODEL = "No model is installed. Open Models… to get one; then make your first sound here."
OFFLINE = (
    "Everything works offline, with the model that is already here. The official Stable Audio "
    "models are under Models…: one download each, and a free account to accept their licence."
)


class WelcomeSheet(Cover):
    """Lies over ``under`` until an example is chosen or it is skipped."""

    prompt_chosen = Signal(str)
    models_requested = Signal()
    skipped = Signal()

    def __init__(self, under: QWidget) -> None:
        super().__init__(under)
        self.setObjectName("welcome_sheet")
        self.setAccessibleName("Welcome")
        self.setAccessibleDescription(f"{SENTENCE} {OFFLINE}")
        self._try = text_label(TRY, "quiet", wrap=True)
        self._buttons = QVBoxLayout()
        self._buttons.setSpacing(8)
        self.examples: list[QPushButton] = []
        self.models = QPushButton("Models…")
        name_widget(self.models, "welcome_models_button", "Get the official models")
        self.models.setToolTip("See which models there are, what each needs, and get them")
        self.skip = QPushButton("Skip")
        name_widget(self.skip, "welcome_skip_button", "Skip the welcome")
        self.skip.setToolTip("Start with an empty window; the menu at the top right brings it back")
        self.models.clicked.connect(self.models_requested)
        self.skip.clicked.connect(self.skipped)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.models)
        foot.addStretch(1)
        foot.addWidget(self.skip)
        for button in (self.models, self.skip):
            button.setProperty("role", "flat")
        page = QWidget()
        page.setMaximumWidth(WIDTH)
        page.setProperty("role", "row")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(text_label("Welcome to SA Studio", "headline"))
        column.addWidget(text_label(SENTENCE, wrap=True))
        column.addSpacing(6)
        column.addWidget(self._try)
        column.addLayout(self._buttons)
        column.addSpacing(6)
        column.addWidget(text_label(OFFLINE, "quiet", wrap=True))
        column.addLayout(foot)
        middle = QVBoxLayout()
        middle.addStretch(1)
        middle.addWidget(page)
        middle.addStretch(1)
        across = QHBoxLayout(self)
        across.setContentsMargins(24, 16, 24, 16)
        across.addStretch(1)
        across.addLayout(middle, 8)
        across.addStretch(1)

    def set_examples(self, prompts: Sequence[str]) -> None:
        """Offer these prompts; with none it says that a model must come first."""
        for button in self.examples:
            button.deleteLater()
        self.examples = [self._button(prompt) for prompt in prompts[:EXAMPLES]]
        for button in self.examples:
            self._buttons.addWidget(button)
        self._try.setText(TRY if self.examples else NO_MODEL)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Esc skips it."""
        if event.key() == Qt.Key.Key_Escape:
            self.skipped.emit()
        else:
            super().keyPressEvent(event)

    def _button(self, prompt: str) -> QPushButton:
        button = QPushButton(prompt)
        name_widget(button, "welcome_example_button", f"Make this sound: {prompt}")
        button.setToolTip("Put these words into the prompt and generate the sound")
        button.setIcon(icon("play", color="accent"))
        button.setProperty("role", "example")
        button.setProperty("prompt", prompt)
        button.clicked.connect(self._choose)
        return button

    @Slot()
    def _choose(self) -> None:
        self.prompt_chosen.emit(self.sender().property("prompt"))
