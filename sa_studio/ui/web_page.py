"""Opens pages in the user's browser."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QPushButton

from sa_studio.ui.field_box import name_widget

NO_PAGE = "Opens a page in the browser, where there is one"
SCHEMES = ("https", "http")


class PageButton(QPushButton):
    """Opens one page; hidden while it has none."""

    def __init__(self, text: str, object_name: str, accessible_name: str) -> None:
        super().__init__(text)
        name_widget(self, object_name, accessible_name)
        self._page = ""
        self.set_page("")
        self.clicked.connect(self._open)

    @property
    def page(self) -> str:
        """The address it opens; empty for none."""
        return self._page

    def set_page(self, page: str) -> None:
        """Open ``page`` from now on; anything but a web address is refused and hides it."""
        self._page = page if QUrl(page).scheme() in SCHEMES else ""
        self.setToolTip(self._page or NO_PAGE)
        self.setVisible(bool(self._page))

    def _open(self) -> None:
        QDesktopServices.openUrl(QUrl(self._page))
