"""What is known of one model, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from sa_studio.amounts import bytes_text
from sa_studio.errors import StudioError
from sa_studio.model_offers import FileCheck, InstalledLora, OfferState
from sa_studio.ui.field_box import name_widget, text_label
from sa_studio.ui.file_manager import reveal
from sa_studio.ui.form_scroll import FormScroll
from sa_studio.ui.models.entry import EntryKind, ModelEntry
from sa_studio.ui.models.facts_grid import FactsGrid
from sa_studio.ui.models.file_table import FileTable
from sa_studio.ui.models.problem_box import ProblemBox, TokenField
from sa_studio.ui.theme import set_property
from sa_studio.ui.transfers import Transfer
from sa_studio.ui.web_page import PageButton

MARGIN = 20
SHIPPED = "This model comes with SA Studio. It is small, and always there."
LORA = "Changes how a model sounds: choose it in the form, under Advanced."
SHARED_PIECE = "A piece that models share. It makes no sound by itself."


class DetailsPage(QWidget):
    """Description, facts, files and actions. It asks for what is to be done and does nothing."""

    download_requested = Signal()
    resume_requested = Signal()
    cancel_requested = Signal()
    discard_requested = Signal()
    use_requested = Signal()
    verify_requested = Signal()
    remove_requested = Signal()
    retry_requested = Signal()
    token_entered = Signal(str, bool)

    def __init__(self) -> None:
        super().__init__()
        self._entry: ModelEntry | None = None
        self._make_parts()
        self._lay_out()
        self._connect()
        self.show_entry(None)

    @property
    def entry(self) -> ModelEntry | None:
        """The model that is shown."""
        return self._entry

    def show_entry(
        self,
        entry: ModelEntry | None,
        *,
        transfer: Transfer | None = None,
        error: StudioError | None = None,
        checks: Sequence[FileCheck] | None = None,
    ) -> None:
        """Show a model.

        Args:
            transfer: what is being done to it.
            error: what stopped the last thing that was done to it.
            checks: its files as they were found when they were last checked.
        """
        if entry is None or self._entry is None or entry.id != self._entry.id:
            self._confirmation.hide()
        self._entry = entry
        self.setEnabled(entry is not None)
        if entry is None:
            return
        self.title.setText(entry.title)
        self.state.setText(transfer.kind.value.lower() if transfer else entry.state_text)
        here = entry.state is OfferState.INSTALLED
        set_property(self.state, "role", "chip-accent" if here else "chip")
        self.description.setText(_description(entry))
        self._show_facts(entry)
        self.files.show_files(checks or entry.files, checked=bool(checks))
        self._show_verdict(checks)
        self.problem.show_error(error or entry.problem, can_retry=error is not None)
        self._show_actions(entry, transfer)

    # --- showing ----------------------------------------------------------------------------
    def _show_facts(self, entry: ModelEntry) -> None:
        offer, installed = entry.offer, entry.installed
        facts = self.facts
        facts.show_fact("Longest sound", f"{entry.max_seconds:.1f} s" if entry.max_seconds else "")
        facts.show_fact("Size", bytes_text(entry.total_bytes) if entry.total_bytes else "")
        facts.show_fact("Memory", offer.memory_hint if offer else "")
        licence = offer.licence.name if offer else installed.licence if installed else ""
        summary = f"{licence}. {offer.licence.summary}" if offer else licence
        facts.show_fact("Licence", summary)
        facts.show_fact("Needs", ", ".join(entry.needs))
        facts.show_fact("Trained as", _lora_text(entry.lora) if entry.lora else "")
        facts.show_fact("Source", entry.source)
        place = str(entry.place or "")
        linked = " (used where it lies)" if installed and installed.is_linked else ""
        facts.show_fact("Place", f"{place}{linked}")
        facts.show_fact("Import", " ".join(installed.notes) if installed else "")
        self.licence_page.set_page(offer.licence.page if offer else "")
        self.hub_page.set_page(offer.page if offer else "")

    def _show_verdict(self, checks: Sequence[FileCheck] | None) -> None:
        bad = sum(bool(check.problem) for check in checks or ())
        if checks is None:
            text = ""
        elif bad:
            text = f"{bad} of {len(checks)} files are not as they were: download the model again."
        else:
            text = f"All {len(checks)} files are as they were."
        self.verdict.setText(text)
        self.verdict.setVisible(bool(text))
        set_property(self.verdict, "role", "error" if bad else "quiet")

    def _show_actions(self, entry: ModelEntry, transfer: Transfer | None) -> None:
        idle, offer, installed = transfer is None, entry.offer, entry.installed
        absent, partial = entry.state is OfferState.ABSENT, entry.state is OfferState.PARTIAL
        self.download.setVisible(idle and offer is not None and absent)
        self.resume.setVisible(idle and offer is not None and partial)
        self.download.setText(f"Download · {bytes_text(entry.bytes_to_fetch)}")
        self.resume.setText(f"Resume · {bytes_text(entry.bytes_to_fetch)} to go")
        self.discard.setVisible(idle and partial)
        self.cancel.setVisible(not idle)
        self.cancel.setEnabled(transfer is not None and not transfer.cancel.is_set())
        self.use.setVisible(idle and entry.info is not None)
        self.verify.setVisible(idle and installed is not None)
        self.show_folder.setVisible(entry.place is not None)
        self.remove.setVisible(idle and entry.can_be_removed)
        if not idle:
            self._confirmation.hide()

    @Slot()
    def _ask(self) -> None:
        entry = self._entry
        if entry is None:
            return
        if entry.installed is not None and entry.installed.is_linked:
            text = f"Take {entry.title} off the list? Its files stay where they lie."
        else:
            size = bytes_text(entry.total_bytes)
            text = f"Remove {entry.title} from this computer? This frees {size}."
        self.question.setText(text)
        self._confirmation.show()
        self.keep.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _remove(self) -> None:
        self._confirmation.hide()
        self.remove_requested.emit()

    @Slot()
    def _reveal(self) -> None:
        if self._entry is not None and self._entry.place is not None:
            reveal(self._entry.place)

    # --- making -----------------------------------------------------------------------------
    def _make_parts(self) -> None:
        self.title = text_label("", "title", wrap=True)
        name_widget(self.title, "model_title", "Model")
        self.state = text_label("", "chip")
        name_widget(self.state, "model_state", "State")
        self.description = text_label("", "quiet", wrap=True)
        name_widget(self.description, "model_description", "Description")
        self.facts = FactsGrid(
            [
                "Longest sound",
                "Size",
                "Memory",
                "Licence",
                "Needs",
                "Trained as",
                "Source",
                "Place",
                "Import",
            ]
        )
        self.licence_page = PageButton("Read the licence", "licence_link", "Read the licence")
        self.hub_page = PageButton("Model page", "model_page_link", "Open the model's page")
        self.files = FileTable()
        self.verdict = text_label("", "quiet", wrap=True)
        name_widget(self.verdict, "model_verdict", "Result of the check")
        self.token = TokenField()
        self.problem = ProblemBox("model_problem", self.token)
        self.download = _button(
            "Download",
            "model_download_button",
            "Get this model; what arrives survives a break",
            role="primary",
        )
        self.resume = _button(
            "Resume",
            "model_resume_button",
            "Go on with the download from where it stopped",
            role="primary",
        )
        self.use = _button(
            "Use this model",
            "model_use_button",
            "Make the next sounds with this model",
            role="primary",
        )
        self.cancel = _button(
            "Cancel",
            "model_cancel_button",
            "Stop the download; what is here is kept",
            role="danger",
        )
        self.discard = _button(
            "Discard",
            "model_discard_button",
            "Throw away what the unfinished download left",
            role="danger",
        )
        self.verify = _button("Verify", "model_verify_button", "Hash every file again and compare")
        self.show_folder = _button(
            "Show folder", "model_folder_button", "Show the model's files in the file manager"
        )
        self.remove = _button(
            "Remove…",
            "model_remove_button",
            "Take this model off this computer; asks first",
            role="danger",
        )
        self._confirmation = self._make_confirmation()

    def _make_confirmation(self) -> QFrame:
        box = QFrame()
        box.setObjectName("remove_confirmation")
        box.setProperty("role", "problem")
        self.question = text_label("", wrap=True)
        name_widget(self.question, "remove_question", "Question")
        self.keep = _button("Keep", "remove_keep_button", "Change nothing")
        self.confirm = _button(
            "Remove",
            "remove_confirm_button",
            "Take it off this computer now",
            role="danger",
        )
        layout = QHBoxLayout(box)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(8)
        layout.addWidget(self.question, 1)
        layout.addWidget(self.keep)
        layout.addWidget(self.confirm)
        self.keep.clicked.connect(box.hide)
        self.confirm.clicked.connect(self._remove)
        return box

    def _lay_out(self) -> None:
        header = QHBoxLayout()
        header.setSpacing(12)
        header.addWidget(self.title, 1)
        header.addWidget(self.state, 0, Qt.AlignmentFlag.AlignTop)
        links = QHBoxLayout()
        links.setSpacing(8)
        links.addWidget(self.licence_page)
        links.addWidget(self.hub_page)
        links.addStretch(1)
        column = QVBoxLayout()
        column.setContentsMargins(MARGIN, 18, MARGIN, 12)
        column.setSpacing(12)
        column.addLayout(header)
        for part in (self.description, self.problem, self.facts):
            column.addWidget(part)
        column.addLayout(links)
        column.addWidget(self.files)
        column.addWidget(self.verdict)
        column.addStretch(1)
        actions = QHBoxLayout()
        actions.setSpacing(8)
        for button in (self.download, self.resume, self.use, self.cancel, self.verify):
            actions.addWidget(button)
        actions.addWidget(self.show_folder)
        actions.addStretch(1)
        actions.addWidget(self.discard)
        actions.addWidget(self.remove)
        foot = QVBoxLayout()
        foot.setContentsMargins(MARGIN, 8, MARGIN, 14)
        foot.setSpacing(10)
        foot.addWidget(self._confirmation)
        foot.addLayout(actions)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(FormScroll(column, MARGIN), 1)
        layout.addLayout(foot)
        self._confirmation.hide()

    def _connect(self) -> None:
        self.download.clicked.connect(self.download_requested)
        self.resume.clicked.connect(self.resume_requested)
        self.cancel.clicked.connect(self.cancel_requested)
        self.discard.clicked.connect(self.discard_requested)
        self.use.clicked.connect(self.use_requested)
        self.verify.clicked.connect(self.verify_requested)
        self.show_folder.clicked.connect(self._reveal)
        self.remove.clicked.connect(self._ask)
        self.problem.retry_requested.connect(self.retry_requested)
        self.token.entered.connect(self.token_entered)


def _button(text: str, object_name: str, tooltip: str, *, role: str = "") -> QPushButton:
    button = QPushButton(text)
    name_widget(button, object_name, text.rstrip("…"), tooltip)
    if role:
        button.setProperty("role", role)
    return button


def _description(entry: ModelEntry) -> str:
    if entry.offer is not None:
        return entry.offer.description
    if entry.installed is not None and entry.installed.is_bundled:
        return SHIPPED
    return {EntryKind.SHARED_PIECE: SHARED_PIECE, EntryKind.LORA: LORA}.get(entry.kind, "")


def _lora_text(lora: InstalledLora) -> str:
    """Style, rank and reach of a LoRA, as far as they are known."""
    parts = [
        lora.style,
        f"rank {lora.rank}" if lora.rank is not None else "",
        f"{lora.layers} layers" if lora.layers is not None else "",
    ]
    return ", ".join(filter(None, parts))
