"""The form: what to make. It builds the request and shows what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QTextCursor
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from sa_studio.errors import RequestError, StudioError
from sa_studio.generation import (
    MAX_COUNT,
    MAX_PROMPT_CHARACTERS,
    GenerationRequest,
    ModelInfo,
    TokenCount,
)
from sa_studio.ui.advanced_panel import AdvancedPanel
from sa_studio.ui.duration_field import DurationField
from sa_studio.ui.elided_label import ElidedLabel
from sa_studio.ui.field_box import FieldBox, name_widget, text_label
from sa_studio.ui.form_scroll import FormScroll
from sa_studio.ui.generate_button import GenerateButton
from sa_studio.ui.icons import icon
from sa_studio.ui.number_spin import NumberSpin
from sa_studio.ui.prompt_sounds import PromptSounds
from sa_studio.ui.run_status import RunStatus
from sa_studio.ui.seed_field import SeedField
from sa_studio.ui.theme import current_colors, set_property
from sa_studio.vocabulary.placeholders import PlaceholderError, variants

PROMPT_HEIGHT = 92
MANY_VARIANTS = 100_000
MARGIN = 16
MIN_WIDTH = 290
NO_MODEL = "No model is installed: open Models… above (Ctrl+M) to get one"


class GeneratePanel(QWidget):
    """Prompt, negative prompt, duration, takes, seed, the advanced part and Generate.

    The panel neither validates nor submits: the window asks the Studio, and gives back what is
    wrong. Problems stay marked until the form is edited.
    """

    generate_requested = Signal()
    edited = Signal()
    model_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._model: ModelInfo | None = None
        self._tokens: TokenCount | None = None
        self._make_fields()
        self._lay_out()
        self._connect()
        self._update_texts()

    # --- the request ------------------------------------------------------------------------
    def fields(self) -> dict[str, Any]:
        """The whole form as request fields with JSON values."""
        return {
            "prompt": self.prompt.toPlainText(),
            "negative_prompt": self.negative.text(),
            "seconds": self.duration.seconds(),
            "count": int(self.count.value()),
            "seed": self.seed.seed(),
            **self.advanced.fields(),
        }

    def set_fields(self, fields: Mapping[str, Any]) -> None:
        """Take over the fields that are there and leave the others as they are."""
        if isinstance(prompt := fields.get("prompt"), str):
            self.prompt.setPlainText(prompt)
        if isinstance(negative := fields.get("negative_prompt"), str):
            self.negative.setText(negative)
        if isinstance(seconds := fields.get("seconds"), int | float):
            self.duration.set_seconds(seconds)
        if isinstance(count := fields.get("count"), int):
            self.count.setValue(count)
        if "seed" in fields:
            seed = fields["seed"]
            self.seed.set_seed(seed if isinstance(seed, int) else None)
        self.advanced.set_fields(fields)

    def request(self, *, device: str = "auto", dtype: str = "auto") -> GenerationRequest:
        """The request that the form describes; it may still have problems."""
        fields = self.fields()
        init_audio, loras = fields.pop("init_audio"), fields.pop("loras")
        return GenerationRequest(
            **fields,
            loras=tuple((name, strength) for name, strength in loras),
            init_audio=Path(init_audio) if init_audio else None,
            model=self.model_id,
            device=device,
            dtype=dtype,
        )

    @property
    def model_id(self) -> str:
        """The model that the form is for; empty for none."""
        return self._model.id if self._model else ""

    def set_model(self, model: ModelInfo) -> None:
        """Offer what ``model`` can do; what the user has set stays, the rest takes its defaults."""
        old, self._model = self._model, model
        is_own = old is not None and self.duration.seconds() != _usual_seconds(old)
        self.duration.set_maximum(model.max_seconds)
        if not is_own:
            self.duration.set_seconds(_usual_seconds(model))
        self.advanced.set_model(model)
        self.sounds.set_model(model)
        self.prompt.setPlaceholderText(
            f"Describe the sound, e.g. {model.example_prompts[0]}"
            if model.example_prompts
            else "Describe the sound in a few words"
        )
        self._update_texts()
        self.model_changed.emit()

    def set_no_model(self) -> None:
        """Say that there is none, and where to get one."""
        self._model = None
        self._update_texts()

    def show_tokens(self, count: TokenCount | None) -> None:
        """Show how long the prompt is for the model, and mark what it will not read."""
        self._tokens = count
        selections = []
        if count is not None and count.end is not None:
            unread = QTextEdit.ExtraSelection()
            unread.format.setForeground(QColor(current_colors().warning))
            unread.format.setFontStrikeOut(True)
            cursor = self.prompt.textCursor()
            # Qt counts halves of the characters beyond U+FFFF, Python whole ones
            read = self.prompt.toPlainText()[: count.end].encode("utf-16-le")
            cursor.setPosition(len(read) // 2)
            cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
            unread.cursor = cursor
            selections.append(unread)
        self.prompt.setExtraSelections(selections)
        self._update_texts()

    # --- problems ---------------------------------------------------------------------------
    def typing_problems(self) -> list[RequestError]:
        """Fields that hold something that is no number within the bounds."""
        spins = [*self._spins.items(), *self.advanced.spins.items()]
        spins += [("loras", spin) for spin in self.advanced.loras.refused()]
        return [
            RequestError(name, f"“{spin.refused}” cannot be used", spin.bounds_text())
            for name, spin in spins
            if spin.refused
        ]

    def show_problems(self, problems: Sequence[StudioError]) -> None:
        """Mark the fields, say beside each what is wrong, and below Generate why it does not."""
        self._clear_problems()
        order = list(self.boxes)
        problems = sorted(
            problems,
            key=lambda problem: (
                order.index(problem.field)
                if isinstance(problem, RequestError) and problem.field in order
                else -1
            ),
        )
        first: FieldBox | None = None
        for problem in problems:
            name = problem.field if isinstance(problem, RequestError) else ""
            box = self.boxes.get(name)
            if box is None:
                continue
            box.set_problem(problem.one_line())
            if name in self.advanced.boxes:
                self.advanced_button.setChecked(True)
            first = first or box
        if problems:
            # what to do stands beside the field, if there is one
            text = problems[0].message if first is not None else problems[0].one_line()
            self._say_why_not(f"Nothing was queued: {text[:1].lower()}{text[1:]}")
        if first is not None:
            first.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _clear_problems(self) -> None:
        for box in self.boxes.values():
            if box.problem:
                box.set_problem("")
        self._update_texts()

    # --- making -----------------------------------------------------------------------------
    def _make_fields(self) -> None:
        self.prompt = QPlainTextEdit()
        name_widget(
            self.prompt,
            "prompt_edit",
            "Prompt",
            "What you want to hear: the source, how it behaves, the place; such as “heavy "
            "stone door, slow, hall”",
        )
        self.prompt.setTabChangesFocus(True)
        self.prompt.setFixedHeight(PROMPT_HEIGHT)
        self.sounds = PromptSounds(self.prompt)
        self.negative = QLineEdit()
        name_widget(
            self.negative,
            "negative_prompt_edit",
            "Negative prompt",
            "What you do not want to hear, such as music, voices or hiss",
        )
        self.negative.setPlaceholderText("what to steer away from")
        self.duration = DurationField()
        self.count = NumberSpin(1, MAX_COUNT)
        name_widget(
            self.count,
            "count_spin",
            "Number of takes",
            "How many takes are made, each with the next seed",
        )
        self.seed = SeedField()
        self.advanced = AdvancedPanel()
        self.advanced.setVisible(False)
        self.advanced_button = QToolButton()
        name_widget(
            self.advanced_button,
            "advanced_button",
            "Advanced settings",
            "Steps, guidance, sampler, init audio and LoRAs",
        )
        self.advanced_button.setText("Advanced")
        self.advanced_button.setCheckable(True)
        self.advanced_button.setProperty("role", "fold")
        self.advanced_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.advanced_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._summary = ElidedLabel()  # names of samplers are long, and must not widen the form
        self._summary.setProperty("role", "quiet-figures")
        self.generate = GenerateButton()
        self._why_not = text_label("", "error", wrap=True)
        self._why_not.setObjectName("why_not_label")
        self.status = RunStatus()
        self.boxes = {
            "prompt": FieldBox("&Prompt", self.prompt),
            "negative_prompt": FieldBox("&Negative prompt", self.negative),
            "seconds": FieldBox("&Duration", self.duration.spin, self.duration),
            "count": FieldBox("&Takes", self.count),
            "seed": FieldBox("&Seed", self.seed.spin, self.seed),
            **self.advanced.boxes,
        }
        self._spins = {
            "seconds": self.duration.spin,
            "count": self.count,
            "seed": self.seed.spin,
        }

    def _lay_out(self) -> None:
        takes_and_seed = QHBoxLayout()
        takes_and_seed.setSpacing(12)
        top = Qt.AlignmentFlag.AlignTop
        takes_and_seed.addWidget(self.boxes["count"], 2, top)
        takes_and_seed.addWidget(self.boxes["seed"], 3, top)
        fold = QHBoxLayout()
        fold.addWidget(self.advanced_button)
        fold.addStretch(1)
        fold.addWidget(self._summary, 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout()
        column.setContentsMargins(MARGIN, 14, MARGIN, 8)
        column.setSpacing(14)
        column.addWidget(self.boxes["prompt"])
        column.addWidget(self.sounds.help)
        column.addWidget(self.boxes["negative_prompt"])
        column.addWidget(self.boxes["seconds"])
        column.addLayout(takes_and_seed)
        column.addLayout(fold)
        column.addWidget(self.advanced)
        column.addStretch(1)
        foot = QVBoxLayout()
        foot.setContentsMargins(MARGIN, 8, MARGIN, 10)
        foot.setSpacing(8)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.generate, 1)
        buttons.addWidget(self.status.cancel)
        foot.addLayout(buttons)
        foot.addWidget(self._why_not)
        foot.addWidget(self.status)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._scroll = FormScroll(column, MARGIN)
        self._scroll.setObjectName("form_scroll")
        layout.addWidget(self._scroll, 1)
        layout.addLayout(foot)

    def _connect(self) -> None:
        self.prompt.textChanged.connect(self._changed)
        self.negative.textChanged.connect(self._changed)
        self.duration.edited.connect(self._changed)
        self.count.valueChanged.connect(self._changed)
        self.count.refused_changed.connect(self._changed)
        self.seed.edited.connect(self._changed)
        self.advanced.edited.connect(self._changed)
        self.advanced_button.toggled.connect(self._fold)
        self.advanced_button.clicked.connect(self._bring_advanced_into_view)
        self.sounds.hint_changed.connect(self._update_length)
        self.generate.clicked.connect(self.generate_requested)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Not so narrow that a prompt becomes a column of words."""
        return super().minimumSizeHint().expandedTo(QSize(MIN_WIDTH, 0))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        """Mark what is not read in the colour of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.show_tokens(self._tokens)

    @Slot()
    def _changed(self) -> None:
        self._clear_problems()
        self.edited.emit()

    @Slot(bool)
    def _fold(self, shown: bool) -> None:
        self.advanced.setVisible(shown)
        self._update_fold()

    @Slot(bool)
    def _bring_advanced_into_view(self, shown: bool) -> None:
        """What was just folded out below the edge would look as if nothing had happened."""
        if shown:
            # once its fields have their places
            QTimer.singleShot(0, self, self._scroll_to_advanced)

    def _scroll_to_advanced(self) -> None:
        bar = self._scroll.verticalScrollBar()
        bar.setValue(min(self.advanced_button.y() - MARGIN, bar.maximum()))

    @Slot()
    def _update_length(self) -> None:
        """Tokens if they can be counted, for they are what is limited; else characters."""
        characters, tokens = len(self.prompt.toPlainText()), self._tokens
        note, role = self.boxes["prompt"].note, "quiet-figures"
        hint = ""
        if tokens is None or characters > MAX_PROMPT_CHARACTERS:
            text = f"{characters:,} / {MAX_PROMPT_CHARACTERS:,}"
            role = "error" if characters > MAX_PROMPT_CHARACTERS else role
        else:
            # the marks of the ends are no words of the user's
            text = f"{tokens.tokens if characters else 0} / {tokens.limit} tokens"
            if tokens.end is not None:
                role, hint = "warning", "What is struck out is not read by this model"
        if (several := _variants(self.prompt.toPlainText())) > 1:
            number = f"{several:,}" if several < MANY_VARIANTS else "many"
            text = f"{number} variants · {text}"
            hint = hint or "Each take says another variant; the longest one is counted"
        note.setText(text)
        note.setToolTip(hint)
        self.prompt.setAccessibleDescription(f"{hint} {self.sounds.hint_text}".strip())
        set_property(note, "role", role)

    def _update_fold(self) -> None:
        shown = self.advanced_button.isChecked()
        self._summary.setText("" if shown else self.advanced.summary())
        self.advanced_button.setIcon(icon("chevron-down" if shown else "chevron-right"))

    def _say_why_not(self, text: str) -> None:
        self._why_not.setText(text)
        self._why_not.setVisible(bool(text))

    def _update_texts(self) -> None:
        self.generate.show_count(int(self.count.value()))
        self._update_length()
        self.boxes["seconds"].note.setText(f"of {self.duration.maximum():.1f} s")
        self._update_fold()
        self._say_why_not("" if self._model else NO_MODEL)
        self.generate.setEnabled(self._model is not None)


def _variants(prompt: str) -> int:
    """How many prompts ``prompt`` stands for; 1 while its braces do not match."""
    if len(prompt) > MAX_PROMPT_CHARACTERS:
        return 1
    try:
        return variants(prompt)
    except PlaceholderError:  # it is still being typed: Generate says what is wrong with it
        return 1


def _usual_seconds(model: ModelInfo) -> float:
    """The model's own duration, as the field shows it."""
    return round(min(model.defaults.seconds, model.max_seconds), 1)
