"""Write the table of source files, and the starter's ATTRIBUTION.md from it.

    python models/starter/recipe/list_sources.py --packages /

``--packages`` is the root of installed Debian packages, or of packages unpacked with ``dpkg -x``.
Each package's copyright file must say what its rows rely on.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from dataclasses import asdict
from pathlib import Path
from urllib.parse import unquote

from attribution import attribution
from sources import TABLE, Source, sha256

from sounds.recordings import SONIC_PI, recorded_files
from sounds.soundfont import FONTS

ATTRIBUTION = Path(__file__).parent.parent / "ATTRIBUTION.md"
# what may go into weights under Apache-2.0 when it is named
FREE = ("MIT", "CC0-1.0", "CC-BY-3.0")


def _documents(root: Path, package: str) -> Path:
    return root / "usr/share/doc" / package


def _version(root: Path, package: str) -> str:
    changelog = gzip.decompress((_documents(root, package) / "changelog.Debian.gz").read_bytes())
    found = re.search(rb"\((.+?)\)", changelog)
    assert found
    return found[1].decode()


def _licence_text(root: Path, package: str, evidence: str) -> str:
    text = (_documents(root, package) / "copyright").read_text(encoding="utf-8")
    if evidence not in " ".join(text.split()):
        message = f"The copyright file of {package} does not say: {evidence}"
        raise ValueError(message)
    return text


def _row(root: Path, package: str, path: str, licence: str, author: str, url: str) -> Source:
    if licence not in FREE:
        message = f"{path} is under {licence}, which the recipe does not take."
        raise ValueError(message)
    version, digest = _version(root, package), sha256(root / path)
    return Source(package, version, path, digest, licence, author, url)


def soundfonts(root: Path) -> list[Source]:
    """Both General MIDI fonts."""
    fluid, general = "fluid-soundfont-gm", "musescore-general-soundfont-small"
    _licence_text(root, fluid, "I hereby release Fluid under the MIT license")
    _licence_text(root, general, "MuseScore_General SoundFont (MIT, parts PD or CC0)")
    friends = (
        "Suren M. Seron, Scott Hanan, Steve Aupperle, Chris Gillman, Alex Taubr, Chris Prola, "
        "Andrew Klenk, Winfried Hubbe, Dylan, Tim, Gort, Uros Katic, Ethan Winer"
    )
    return [
        _row(
            root,
            fluid,
            FONTS["fluid"],
            "MIT",
            f"Frank Wen with {friends}",
            "http://www.musescore.org/download/fluid-soundfont.tar.gz",
        ),
        _row(
            root,
            general,
            FONTS["musescore"],
            "MIT",
            "S. Christian Collins, after Michael Cowgill and Frank Wen; parts by Amir Oosman, "
            "Sam Gossner, Ethan Winer, Michael Schorsch, AKAI (public domain)",
            "https://musescore.org/en/node/269869",
        ),
    ]


def sonic_pi(root: Path) -> list[Source]:
    """Sonic Pi's samples: CC0 file by file in the copyright file, the newer ones by the README."""
    package = "sonic-pi-samples"
    text = _licence_text(root, package, "License: CC0")
    published: dict[str, tuple[str, str]] = {}
    readme = (root / SONIC_PI / "README.md").read_text(encoding="utf-8")
    if "placed in the public domain via the Creative Commons 0 License" not in " ".join(
        readme.split()
    ):
        message = "The README of Sonic Pi's samples does not place them in the public domain."
        raise ValueError(message)
    for name, url in re.findall(r"\* `:(\w+)`\s*-\s*(http\S+/people/\S+)", readme):
        # the README writes perc_impact_1 where the file is perc_impact1
        plain = re.sub(r"_(\d)$", r"\1", name)
        published[f"{plain}.flac"] = (unquote(url.split("/people/")[1].split("/")[0]), url)
    for stanza in re.split(r"\n\s*\n", text):
        file = re.search(r"^Files: etc/samples/(\S+\.flac)$", stanza, re.MULTILINE)
        author = re.search(r"^Copyright: (?:\d{4} )?([^<\n]+)", stanza, re.MULTILINE)
        url = re.search(r"https?://\S+", stanza)
        if file and author and url and re.search(r"^License: CC0\s*$", stanza, re.MULTILINE):
            published[file[1]] = (author[1].strip(), url[0])
    paths = sorted({path for path in recorded_files() if path.startswith(SONIC_PI)})
    return [_row(root, package, path, "CC0-1.0", *published[Path(path).name]) for path in paths]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packages", type=Path, default=Path("/"), help="root of the packages")
    arguments = parser.parse_args()
    rows = [*soundfonts(arguments.packages), *sonic_pi(arguments.packages)]
    text = json.dumps([asdict(row) for row in rows], indent=1, ensure_ascii=False)
    TABLE.write_text(text + "\n", encoding="utf-8")
    ATTRIBUTION.write_text(attribution(rows), encoding="utf-8")
    print(f"{len(rows)} files of {len({row.package for row in rows})} packages")


if __name__ == "__main__":
    main()
