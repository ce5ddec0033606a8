"""What the chunks of a WAV file say."""

from __future__ import annotations

from typing import Any, BinaryIO

from sa_studio.audio.tags.fields import facts_of, recipe_of
from sa_studio.audio.wav.acid import read_acid
from sa_studio.audio.wav.bext import read_bext
from sa_studio.audio.wav.cue import read_cue
from sa_studio.audio.wav.info_list import read_info
from sa_studio.audio.wav.ixml import read_ixml, user_fields
from sa_studio.audio.wav.riff import contents
from sa_studio.audio.wav.sampler import read_sampler
from sa_studio.audio.wav.writer import RECIPE

INFO = {
    b"INAM": "title",
    b"ICMT": "description",
    b"IART": "designer",
    b"IPRD": "library",
    b"IGNR": "category",
    b"ICOP": "copyright",
    b"ISFT": "software",
    b"ICRD": "created",
}


def read_wav(file: BinaryIO) -> dict[str, Any]:
    """Plain values under the names of :class:`SoundFacts`: the fullest text of each is taken."""
    found = contents(file)
    info = read_info(found.get(b"LISTINFO", b""))
    # takes made before there were deliveries hold their recipe as the comment
    recipe = recipe_of(found.get(RECIPE, b"")) or recipe_of(info.get(b"ICMT", ""))
    if recipe_of(info.get(b"ICMT", "")):
        del info[b"ICMT"]
    bext = read_bext(found.get(b"bext", b""))
    fields = facts_of(user_fields(read_ixml(found.get(b"iXML", b""))))
    # what every program shows says less than our own fields, where they are there
    shown = {name: info[chunk] for chunk, name in INFO.items() if info.get(chunk)}
    said = {} if fields else bext | shown
    if created := bext.get("created"):  # with the time of day
        said["created"] = created
    if loop := read_sampler(found.get(b"smpl", b"")):
        said["loop"] = loop
    if tempo := read_acid(found.get(b"acid", b"")):
        said["tempo"] = tempo
    if markers := read_cue(found.get(b"cue ", b""), found.get(b"LISTadtl", b"")):
        said["markers"] = markers
    if levels := {**bext.get("loudness", {}), **fields.get("loudness", {})}:
        fields["loudness"] = levels
    said |= fields
    if recipe:
        said["recipe"] = recipe
    return said
