"""What a filter of the list is in SQL.

Each order has an index that holds all columns that are filtered by, so that 100,000 takes are
passed over without reading them; the index is named, for SQLite would guess.
"""

from __future__ import annotations

import re

from sa_studio.generation import ClipFilter, ClipSort, Verdict
from sa_studio.library import labels
from sa_studio.library.labels import LabelKind

_LONGEST_START = 100  # longer than any CatID; SQLite refuses very long patterns
_FORWARDS, _BACKWARDS = ("ASC", "DESC"), ("DESC", "ASC")
# a job's takes stay in their order: the first on top
_NEWEST = "clip.created_at {1}, clip.position {0}"
_ORDERS = {
    ClipSort.NEWEST: _NEWEST,
    ClipSort.OLDEST: "clip.created_at {0}, clip.position {0}",
    ClipSort.STARS: f"clip.stars {{1}}, {_NEWEST}",
    ClipSort.LONGEST: f"clip.seconds {{1}}, {_NEWEST}",
    ClipSort.SHORTEST: f"clip.seconds IS NULL {{0}}, clip.seconds {{0}}, {_NEWEST}",
    ClipSort.PROMPT: f"clip.prompt COLLATE CASEFOLD {{0}}, {_NEWEST}",
}

# jumps from one model to the next in the index
MODELS = """
WITH RECURSIVE found (model) AS (
    SELECT min(model) FROM clip
    UNION ALL
    SELECT (SELECT min(model) FROM clip WHERE model > found.model) FROM found
    WHERE found.model IS NOT NULL
)
SELECT model FROM found WHERE model IS NOT NULL
"""


# likewise; most takes have none
CATEGORIES = """
WITH RECURSIVE found (cat_id) AS (
    SELECT min(cat_id) FROM clip WHERE cat_id <> ''
    UNION ALL
    SELECT (SELECT min(cat_id) FROM clip WHERE cat_id <> '' AND cat_id > found.cat_id) FROM found
    WHERE found.cat_id IS NOT NULL
)
SELECT cat_id FROM found WHERE cat_id IS NOT NULL
"""


def page_of(
    filter: ClipFilter,  # noqa: A002
    *,
    from_end: bool = False,
) -> tuple[str, list[str | int]]:
    """A query for the takes that pass ``filter``, in its order, with the values it needs.

    Two more values follow: how many, and how many to pass over before them; or behind them, if
    the takes are to be counted ``from_end``.
    """
    conditions, values = _conditions(filter)
    order = _ORDERS[filter.sort].format(*_FORWARDS)
    walk = _ORDERS[filter.sort].format(*(_BACKWARDS if from_end else _FORWARDS))
    # first the page in the index alone, then the rows on it
    query = (
        "SELECT clip.* FROM ("  # noqa: S608 (constants only)
        f"SELECT position FROM clip INDEXED BY clip_{filter.sort.value} WHERE {conditions} "
        f"ORDER BY {walk} LIMIT ? OFFSET ?"
        f") AS page CROSS JOIN clip ON clip.position = page.position ORDER BY {order}"
    )
    return query, values


def number_of(filter: ClipFilter) -> tuple[str, list[str | int]]:  # noqa: A002
    """A query for how many takes pass ``filter``, with the values it needs."""
    conditions, values = _conditions(filter)
    index = f"INDEXED BY clip_{ClipSort.NEWEST.value}"
    return f"SELECT count(*) FROM clip {index} WHERE {conditions}", values  # noqa: S608


def storable(text: str) -> str:
    """``text`` as SQLite takes it: a NUL would end it, and half a character has no bytes."""
    return text.replace("\0", " ").encode(errors="ignore").decode()


def _conditions(filter: ClipFilter) -> tuple[str, list[str | int]]:  # noqa: A002
    conditions: list[str] = []
    values: list[str | int] = []

    def require(condition: str, *needs: str | int) -> None:
        conditions.append(condition)
        values.extend(needs)

    if filter.verdict is not None:
        require("verdict = ?", filter.verdict)
    elif not filter.with_rejected:
        require("verdict <> ?", Verdict.REJECT)
    if filter.min_stars > 0:
        require("stars >= ?", filter.min_stars)
    if filter.model:
        require("model = ?", storable(filter.model))
    if filter.cat_id.strip():
        require("cat_id LIKE ? ESCAPE '!'", _beginning(filter.cat_id.strip()))
    # the + keeps SQLite from looking up every match in the table: walking down the index until
    # the page is full is faster where there are many, and fast where there are few
    for kind, name in ((LabelKind.TAG, filter.tag), (LabelKind.COLLECTION, filter.collection)):
        if name.strip():
            require(
                "+position IN (SELECT clip FROM clip_label WHERE label = "
                "(SELECT id FROM label WHERE kind = ? AND key = ?))",
                kind,
                labels.key(storable(name)),
            )
    words = _match(filter.search)
    if words:
        require("+position IN (SELECT rowid FROM clip_words WHERE clip_words MATCH ?)", words)
    return " AND ".join(conditions) or "TRUE", values


def _beginning(text: str) -> str:
    """A pattern for LIKE: what begins with ``text``, of which nothing is a wildcard."""
    return re.sub(r"[%_!]", r"!\g<0>", storable(text)[:_LONGEST_START]) + "%"


def _match(search: str) -> str:
    """The user's words as an FTS5 query in which nothing is an operator."""
    words = (word.replace('"', '""') for word in storable(search).split())
    return " ".join(f'"{word}"*' for word in words)
