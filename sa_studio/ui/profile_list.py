"""The names of the delivery profiles, with a tick at the one that is delivered in."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from sa_studio.ui.field_box import name_widget


class ProfileList(QListWidget):
    """One of the names is the one that is shown."""

    asked_for = Signal(str)
    """The name of another profile, which is to be shown."""

    def __init__(self) -> None:
        super().__init__()
        name_widget(self, "profiles_list", "Delivery profiles", "The one that is shown")
        self.setSpacing(3)
        self._left: QListWidgetItem | None = None
        self.currentItemChanged.connect(self._go_to)

    @property
    def shown(self) -> str:
        """The name of the profile that is shown, as it is kept."""
        item = self.currentItem()
        return _name(item) if item is not None else ""

    def fill(self, names: Iterable[str], *, chosen: str, shown: str) -> None:
        """List these names; the first one is shown if ``shown`` is not among them."""
        with QSignalBlocker(self):
            self._left = None
            self.clear()
            for name in names:
                item = QListWidgetItem(f"{name}  ✓" if name == chosen else name)
                item.setData(Qt.ItemDataRole.UserRole, name)
                self.addItem(item)
                if name == shown:
                    self.setCurrentItem(item)
            if self.currentItem() is None:
                self.setCurrentRow(0)

    def go_back(self) -> None:
        """To the profile that was shown before: what was asked for is not shown yet."""
        if self._left is not None:
            with QSignalBlocker(self):
                self.setCurrentItem(self._left)

    @Slot(QListWidgetItem, QListWidgetItem)
    def _go_to(self, new: QListWidgetItem | None, old: QListWidgetItem | None) -> None:
        if new is not None:
            self._left = old
            self.asked_for.emit(_name(new))


def name_key(name: str) -> str:
    """Names that differ in capitals and spaces only are the same."""
    return " ".join(name.split()).casefold()


def copy_name(name: str, taken: Iterable[str]) -> str:
    """What a copy of a profile is called among those that there are."""
    keys = {name_key(one) for one in taken}
    number, wanted = 2, f"{name} copy"
    while name_key(wanted) in keys:
        wanted, number = f"{name} copy {number}", number + 1
    return wanted


def _name(item: QListWidgetItem) -> str:
    return str(item.data(Qt.ItemDataRole.UserRole))
