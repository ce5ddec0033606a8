"""What was asked for before: the different prompts of the library, the newest first."""

from __future__ import annotations

from sa_studio.library.database import Database

# the rows that are read at once: others can use the library in between
PAGE = 1000
# no further, where a few prompts were made very often
LOOKED_AT = 20_000

_ASKED = (
    # a take keeps what its prompt was before its placeholders were expanded
    "SELECT coalesce(nullif(json_extract(request, '$.template'), ''), prompt) FROM clip "
    "ORDER BY created_at DESC, position LIMIT ? OFFSET ?"
)


def recent_prompts(database: Database, limit: int) -> list[str]:
    """At most ``limit`` different prompts as they were typed, placeholders and all."""
    found: dict[str, None] = {}
    for offset in range(0, LOOKED_AT, PAGE):
        with database.transaction() as db:
            rows = db.execute(_ASKED, (PAGE, offset)).fetchall()
        for (prompt,) in rows:
            found.setdefault(prompt)
            if len(found) == limit:
                return list(found)
        if len(rows) < PAGE:
            break
    return list(found)
