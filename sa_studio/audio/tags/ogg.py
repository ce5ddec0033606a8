"""Vorbis comments in OGG files (RFC 3533; "Vorbis I specification", section 4 and annex A).

The comments are the second packet. It and the third, the codebooks, end a page: the samples begin
on a new one, so that the pages between can be made anew.
"""

from __future__ import annotations

import struct
import zlib
from typing import Any, BinaryIO

from sa_studio.audio.sound_facts import SoundFacts
from sa_studio.audio.tags.fields import facts_of
from sa_studio.audio.tags.vorbis import comment_block, comments_of, read_comments, vendor_of

# magic, version, flags, position in samples, stream, number of the page, checksum, segments
PAGE = struct.Struct("<4sBBqIIIB")
MAGIC = b"OggS"
COMMENTS = b"\x03vorbis"
FRAMED = b"\x01"
CONTINUED = 0x01
NO_PACKET_ENDS = -1
MAX_SEGMENTS, MAX_SEGMENT = 255, 255
MAX_HEADERS = 32 << 20  # bytes that are searched for comments
_BACKWARDS = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def tagged_ogg(content: bytes, facts: SoundFacts) -> bytes:
    """An OGG Vorbis file with these comments instead of those that it has."""
    first = _page_end(content, 0)
    (comments, codebooks), pages, rest = _packets(content, first)
    vendor = vendor_of(comments[len(COMMENTS) :])
    block = comment_block(vendor, comments_of(facts))
    stream = PAGE.unpack_from(content)[4]
    made = _paged([COMMENTS + block + FRAMED, codebooks], stream)
    following = content[rest:]
    if len(made) != pages:
        following = _renumbered(following, 1 + len(made))
    return b"".join((content[:first], *made, following))


def read_ogg(file: BinaryIO) -> dict[str, Any]:
    """What the comments say, as plain values under the names of :class:`SoundFacts`."""
    file.seek(0)
    packet = b""
    size = 0
    while size < MAX_HEADERS and len(header := file.read(PAGE.size)) == PAGE.size:
        lacing = file.read(header[-1])
        body = file.read(sum(lacing))
        size += PAGE.size + len(body)
        for length in lacing:
            packet, body = packet + body[:length], body[length:]
            if length == MAX_SEGMENT:
                continue
            if packet.startswith(COMMENTS):
                return facts_of(read_comments(packet[len(COMMENTS) :]))
            packet = b""
    return {}


def checksum(page: bytes) -> int:
    """Ogg's CRC-32 of a page whose own is zero.

    It has zlib's polynomial, but takes the bits from the highest on, and starts from zero.
    """
    mirrored = zlib.crc32(page.translate(_BACKWARDS), 0xFFFF_FFFF) ^ 0xFFFF_FFFF
    return int.from_bytes(mirrored.to_bytes(4, "little").translate(_BACKWARDS), "big")


def _page_end(content: bytes, place: int) -> int:
    body = place + PAGE.size + content[place + PAGE.size - 1]
    return body + sum(content[place + PAGE.size : body])


def _packets(content: bytes, place: int) -> tuple[list[bytes], int, int]:
    """Comments and codebooks, how many pages they fill, and where the samples begin."""
    packets: list[bytes] = []
    packet, pages = bytearray(), 0
    while len(packets) < 2:
        end = _page_end(content, place)
        body = place + PAGE.size + content[place + PAGE.size - 1]
        for length in content[place + PAGE.size : body]:
            packet += content[body : body + length]
            body += length
            if length < MAX_SEGMENT:
                packets.append(bytes(packet))
                packet.clear()
        place, pages = end, pages + 1
    return packets, pages, place


def _paged(packets: list[bytes], stream: int) -> list[bytes]:
    """Packets as pages, from page 1 on."""
    lacing = b"".join(
        bytes([MAX_SEGMENT]) * (len(packet) // MAX_SEGMENT) + bytes([len(packet) % MAX_SEGMENT])
        for packet in packets
    )
    body = b"".join(packets)
    pages: list[bytes] = []
    flags = 0
    for first in range(0, len(lacing), MAX_SEGMENTS):
        segments = lacing[first : first + MAX_SEGMENTS]
        position = 0 if min(segments) < MAX_SEGMENT else NO_PACKET_ENDS
        number = 1 + len(pages)
        head = PAGE.pack(MAGIC, 0, flags, position, stream, number, 0, len(segments))
        pages.append(_sealed(head + segments + body[: sum(segments)]))
        body = body[sum(segments) :]
        flags = CONTINUED if segments[-1] == MAX_SEGMENT else 0
    return pages


def _renumbered(content: bytes, number: int) -> bytes:
    """Pages with new numbers, from ``number`` on."""
    pages, place = [], 0
    while place < len(content):
        end = _page_end(content, place)
        fields = list(PAGE.unpack_from(content, place))
        fields[5], fields[6] = number, 0
        pages.append(_sealed(PAGE.pack(*fields) + content[place + PAGE.size : end]))
        place, number = end, number + 1
    return b"".join(pages)


def _sealed(page: bytes) -> bytes:
    """With its checksum, which the page was made without."""
    return page[:22] + checksum(page).to_bytes(4, "little") + page[26:]
