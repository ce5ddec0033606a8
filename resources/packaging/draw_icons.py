"""Draws the icon in the forms that the systems want: ``draw_icons.py ICON.svg FOLDER``."""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

PNG_SIZES = (16, 32, 48, 64, 128, 256, 512)
ICO_SIZES = (16, 32, 48, 256)
# https://en.wikipedia.org/wiki/Apple_Icon_Image_format: the kinds that hold PNG
ICNS_KINDS = {b"ic11": 32, b"ic12": 64, b"ic07": 128, b"ic08": 256, b"ic09": 512}


def draw(renderer: QSvgRenderer, size: int) -> bytes:
    """The icon as PNG, ``size`` pixels wide and high."""
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter)
    painter.end()
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return content.data()


def ico(pictures: dict[int, bytes]) -> bytes:
    """Windows' form: a directory, then the pictures."""
    start = 6 + 16 * len(ICO_SIZES)
    directory, content = struct.pack("<HHH", 0, 1, len(ICO_SIZES)), b""
    for size in ICO_SIZES:
        picture = pictures[size]
        byte = size % 256  # 0 means 256
        offset = start + len(content)
        directory += struct.pack("<BBBBHHII", byte, byte, 0, 0, 1, 32, len(picture), offset)
        content += picture
    return directory + content


def icns(pictures: dict[int, bytes]) -> bytes:
    """The Mac's form: chunks of a kind, a length and a picture."""
    chunks = b"".join(
        kind + struct.pack(">I", 8 + len(pictures[size])) + pictures[size]
        for kind, size in ICNS_KINDS.items()
    )
    return b"icns" + struct.pack(">I", 8 + len(chunks)) + chunks


def main(source: Path, folder: Path) -> None:
    """Write sa-studio.ico, sa-studio.icns, sa-studio.svg and sa-studio-SIZE.png."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QGuiApplication(["draw_icons"])
    renderer = QSvgRenderer(str(source))
    if not renderer.isValid():
        raise SystemExit(f"{source} is no SVG picture")
    pictures = {size: draw(renderer, size) for size in PNG_SIZES}
    folder.mkdir(parents=True, exist_ok=True)
    for size, picture in pictures.items():
        (folder / f"sa-studio-{size}.png").write_bytes(picture)
    (folder / "sa-studio.svg").write_bytes(source.read_bytes())
    (folder / "sa-studio.ico").write_bytes(ico(pictures))
    (folder / "sa-studio.icns").write_bytes(icns(pictures))
    application.quit()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
