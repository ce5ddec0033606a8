"""The delivery profiles: look at them, make, change, name and delete them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from sa_studio.errors import RequestError, StudioError
from sa_studio.service import Studio
from sa_studio.ui.field_box import name_widget, text_label
from sa_studio.ui.mnemonics import Mnemonics
from sa_studio.ui.profile_form import ProfileForm
from sa_studio.ui.profile_list import ProfileList, copy_name, name_key
from sa_studio.ui.question_bar import QuestionBar
from sa_studio.ui.theme import set_property
from sa_studio.vocabulary.delivery import DeliveryProfile

BUILT_IN = "Built in, as it is: duplicate it to make one of your own."


class ProfileDialog(QDialog):
    """The names on the left, what the profile says on the right."""

    changed = Signal()
    """Profiles were changed, or another one was chosen."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.setWindowTitle("Delivery profiles")
        self.setObjectName("profile_dialog")
        self.resize(860, 690)
        self._fresh = ""  # a copy of which nothing was changed yet
        self.list = ProfileList()
        self.form = ProfileForm()
        self.question = QuestionBar("profile")
        self.note = text_label("", "quiet", wrap=True)
        name_widget(self.note, "profile_note", "What was done")
        self.duplicate = self._button(
            "Duplicate", "profile_duplicate_button", "Make a profile of your own from this one"
        )
        self.delete = self._button(
            "Delete…", "profile_delete_button", "Delete this profile of your own for good"
        )
        self.use = self._button(
            "Deliver as this",
            "profile_use_button",
            "What is dragged out, copied and exported is like this from now on",
        )
        self.save = self._button("Save", "profile_save_button", "Keep what was changed")
        self.save.setProperty("role", "primary")
        self.save.setDefault(True)
        self.done_ = self._button("Close", "profile_close_button", "Close the window (Esc)")
        self._lay_out()
        self.list.asked_for.connect(self._go_to)
        self.form.edited.connect(self._show_buttons)
        self.duplicate.clicked.connect(self.duplicate_shown)
        self.delete.clicked.connect(self.ask_to_delete)
        self.use.clicked.connect(self.choose_shown)
        self.save.clicked.connect(self.save_shown)
        self.done_.clicked.connect(self.reject)
        self.reload(studio.profile.name)
        Mnemonics(self)

    @property
    def shown(self) -> str:
        """The name of the profile that is shown, as it is kept."""
        return self.list.shown

    def reload(self, name: str) -> None:
        """Read the profiles anew, and show one."""
        self._fresh = ""
        self.list.fill(self._names(), chosen=self._studio.profile.name, shown=name)
        self._show(self._studio.find_profile(self.shown))

    # --- what is done -----------------------------------------------------------------------
    @Slot()
    def duplicate_shown(self) -> None:
        """A profile of the user's own like the one that is shown, as its fields are.

        It is shown, and is not duplicated itself before anything is done with it: the second
        click of a double click makes no second copy.
        """
        try:
            profile = self.form.profile()
        except RequestError as error:
            self._refuse(error)
            return
        name = copy_name(profile.name, self._names())
        try:
            kept = self._studio.save_profile(replace(profile, name=name))
        except StudioError as error:
            self._say(error.one_line(), "error")
            return
        self.reload(kept.name)
        self._fresh = kept.name
        self._show_buttons()
        self._say("Change it, give it a name of its own, and save it.", "quiet")
        self.form.texts["name"].setFocus(Qt.FocusReason.OtherFocusReason)
        self.form.texts["name"].selectAll()
        self.changed.emit()

    @Slot()
    def save_shown(self) -> bool:
        """Keep what was changed; false if something is wrong with it."""
        old = self.shown
        try:
            profile = self.form.profile()
            others = {name_key(name) for name in self._names()} - {name_key(old)}
            if name_key(profile.name) in others:
                self.form.set_problem("name", "There is a profile of this name already.")
                return False
            was_chosen = self._studio.profile.name == old
            kept = self._studio.save_profile(profile)
            if name_key(kept.name) != name_key(old):
                if was_chosen:
                    self._studio.choose_profile(kept.name)
                self._studio.delete_profile(old)
        except RequestError as error:
            self._refuse(error)
            return False
        except StudioError as error:
            self.form.set_problem("name", error.one_line())
            return False
        self.reload(kept.name)
        self._say(f"“{kept.name}” is saved.", "quiet")
        self.changed.emit()
        return True

    @Slot()
    def choose_shown(self) -> None:
        """Deliver in the profile that is shown, with what was changed."""
        if self.form.is_changed and not self.save_shown():
            return
        try:
            chosen = self._studio.choose_profile(self.shown)
        except StudioError as error:
            self._say(error.one_line(), "error")
            return
        self.reload(chosen.name)
        self._say(f"Takes are delivered as “{chosen.name}” now.", "quiet")
        self.changed.emit()

    @Slot()
    def ask_to_delete(self) -> None:
        """Ask whether the profile that is shown shall go."""
        self.question.ask(
            f"Delete the profile “{self.shown}”? Files that were delivered stay.",
            [("Delete", "danger", self._delete), ("Keep", "", self.list.setFocus)],
        )

    def _delete(self) -> None:
        name = self.shown
        try:
            self._studio.delete_profile(name)
        except StudioError as error:
            self._say(error.one_line(), "error")
            return
        self.reload(self._studio.profile.name)
        self._say(f"“{name}” is deleted.", "quiet")
        self.changed.emit()

    # --- going from one to another ----------------------------------------------------------
    @Slot(str)
    def _go_to(self, name: str) -> None:
        if self.form.is_changed:
            self.list.go_back()
            self._ask_about_changes(lambda: self.reload(name))
        else:
            self._fresh = ""
            self._show(self._studio.find_profile(name))

    def _ask_about_changes(self, go_on: Callable[[], object]) -> None:
        """What was changed is neither kept nor lost without a word."""

        def save() -> None:
            if self.save_shown():
                go_on()

        self.question.ask(
            f"“{self.shown}” was changed.",
            [
                ("Save", "", save),
                ("Discard", "danger", go_on),
                ("Go on editing", "", self.form.setFocus),
            ],
        )

    def reject(self) -> None:
        """Close; what was changed is asked about first."""
        if self.form.is_changed:
            self._ask_about_changes(super().reject)
        else:
            super().reject()

    # --- looks ------------------------------------------------------------------------------
    def _show(self, profile: DeliveryProfile) -> None:
        built_in = self._studio.is_builtin_profile(profile.name)
        self.question.hide()
        self.form.show_profile(profile, is_editable=not built_in)
        self._say(BUILT_IN if built_in else "", "quiet")
        self._show_buttons()

    @Slot()
    def _show_buttons(self) -> None:
        own = not self._studio.is_builtin_profile(self.shown)
        self.duplicate.setEnabled(self._fresh != self.shown or self.form.is_changed)
        self.delete.setEnabled(own)
        self.save.setEnabled(own and self.form.is_changed)
        self.use.setEnabled(self.shown != self._studio.profile.name)

    def _names(self) -> list[str]:
        return [profile.name for profile in self._studio.profiles()]

    def _refuse(self, error: RequestError) -> None:
        self.form.set_problem(error.field, f"{error.message}. {error.hint}")

    def _say(self, text: str, role: str) -> None:
        set_property(self.note, "role", role)
        self.note.setText(text)

    def _button(self, text: str, name: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        name_widget(button, name, text.rstrip("…"), tip)
        return button

    def _lay_out(self) -> None:
        scroll = QScrollArea()
        scroll.setObjectName("profile_scroll")
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        page = QWidget()
        inside = QVBoxLayout(page)
        inside.setContentsMargins(4, 0, 12, 0)
        inside.addWidget(self.form)
        scroll.setWidget(page)
        names = QVBoxLayout()
        names.setSpacing(8)
        names.addWidget(self.list, 1)
        for button in (self.duplicate, self.delete):
            names.addWidget(button)
        columns = QHBoxLayout()
        columns.setSpacing(16)
        columns.addLayout(names, 1)
        columns.addWidget(scroll, 4)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.note, 1)
        for button in (self.done_, self.use, self.save):
            foot.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 14)
        layout.setSpacing(12)
        layout.addLayout(columns, 1)
        layout.addWidget(self.question)
        layout.addLayout(foot)
