"""What the columns of a cue sheet may be called, and the numbers their cells hold."""

from __future__ import annotations

import re

SYNONYMS = {
    "name": "file filename title cue fxname asset assetname sound soundname",
    "prompt": "description text desc",
    "seconds": "second sec secs s length duration dur",
    "category": "cat catid ucs ucscategory ucscatid",
    "count": "takes variations variants number quantity qty amount n",
    "profile": "delivery deliveryprofile",
    "negative": "negativeprompt without avoid",
    "seed": "",
    "model": "modelid",
    "steps": "",
    "guidance": "guidancescale cfg cfgscale",
    "collection": "",
    "folder": "subfolder directory dir",
    "notes": "note comment comments remark remarks",
    "set": "roundrobin rr",
}
COLUMNS = tuple(SYNONYMS)
_BY_WORD = {word: column for column, words in SYNONYMS.items() for word in (column, *words.split())}
YES = frozenset({"yes", "y", "true", "x", "1", "on", "rr", "roundrobin"})
NO = frozenset({"", "no", "n", "false", "0", "off", "takes", "variations"})


def column_named(header: str) -> str | None:
    """The column that a cell of the first row means; case, spaces, units do not matter."""
    without_unit = re.sub(r"\(.*?\)|\[.*?\]", "", header)
    return _BY_WORD.get(re.sub(r"[\W_]+", "", without_unit.casefold()))


def seconds(text: str) -> float:
    """Seconds: ``2.5``, ``2,5``, ``2.5 s``, ``0:02.5``.

    Raises:
        ValueError: it is no such thing.
    """
    if clock := re.fullmatch(r"(\d+):([0-5]?\d(?:[.,]\d+)?)", text):
        return int(clock[1]) * 60 + number(clock[2])
    return number(re.sub(r"\s*(s|sec|secs|seconds?)\.?$", "", text, flags=re.IGNORECASE))


def number(text: str) -> float:
    """A number, with a point or with the comma that spreadsheets use in much of the world.

    Raises:
        ValueError: it is none.
    """
    if not re.fullmatch(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)", text, re.ASCII):
        raise ValueError(text)
    return float(text.replace(",", "."))


def whole(text: str) -> int:
    """A whole number, as spreadsheets may write it: ``3`` or ``3.0``.

    Raises:
        ValueError: it is none; ``4E+09`` is a number that the spreadsheet has rounded.
    """
    if not re.fullmatch(r"[+-]?\d{1,18}([.,]0*)?", text, re.ASCII):
        raise ValueError(text)
    return int(re.split(r"[.,]", text)[0])


def yes(text: str) -> bool:
    """Whether takes are a round robin.

    Raises:
        ValueError: neither yes nor no.
    """
    word = re.sub(r"[\W_]+", "", text.casefold())
    if word in YES:
        return True
    if word in NO:
        return False
    raise ValueError(text)
