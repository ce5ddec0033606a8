"""Letters of other scripts in Latin ones, where that can be done one by one: for file names.

Cyrillic, Greek, kana and Hangul are written as they sound, roughly and without accents. What a
letter alone does not tell is left out: Chinese characters, and the kana between them, which would
be pieces of words.
"""

from __future__ import annotations

import re
import unicodedata

# Cyrillic as in passports (ICAO 9303), in the alphabets of several languages; Greek as in ISO 843
_TABLE = """
а a б b в v г g д d е e ё e ж zh з z и i й i к k л l м m н n о o п p р r с s т t у u ф f х kh ц ts
ч ch ш sh щ shch ы y э e ю iu я ia є ie і i ї i ґ g ў u ј j љ lj њ nj ћ c ђ dj џ dz
α a β v γ g δ d ε e ζ z η i θ th ι i κ k λ l μ m ν n ξ x ο o π p ρ r σ s ς s τ t υ y φ f χ ch
ψ ps ω o
"""
_PAIRS = _TABLE.split()
_LETTERS = {**dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True)), "ъ": "", "ь": ""}
_KANA = re.compile(r"(?:HIRAGANA|KATAKANA) LETTER (SMALL )?([A-Z]{1,3})")
_HANGUL = "HANGUL SYLLABLE "
_HAN = ("CJK UNIFIED", "CJK COMPATIBILITY IDEOGRAPH")
# Unicode names the kana by their rows; these are said otherwise (Hepburn)
_SAID = {
    "si": "shi", "ti": "chi", "tu": "tsu", "hu": "fu", "zi": "ji", "di": "ji", "du": "zu",
    "wo": "o",
}  # fmt: skip
_DOUBLING = "tu"  # what a small one does to the sound behind it
_SOFT = ("sh", "ch", "j")  # "shi" and a small "ya" are "sha", not "shya"


def latin_text(text: str) -> str:
    """``text`` with the letters of other scripts in Latin ones; what has none stays as it is."""
    if text.isascii():
        return text
    whole = unicodedata.normalize("NFKC", text.replace("\N{MICRO SIGN}", "u"))
    has_han = any(unicodedata.name(letter, "").startswith(_HAN) for letter in whole)
    written = ""
    doubles = False
    for letter in whole:
        name = unicodedata.name(letter, "")
        kana = _KANA.fullmatch(name)
        if kana and not has_han:
            is_small, sound = bool(kana[1]), kana[2].lower()
            if is_small and sound == _DOUBLING:
                doubles = True
                continue
            written = _with_kana(written, sound, is_small=is_small, doubles=doubles)
        elif kana or name.endswith("SOUND MARK"):  # the mark of a long vowel
            pass
        elif name.startswith(_HANGUL):
            written += name.removeprefix(_HANGUL).lower()
        else:
            written += _one_letter(letter)
        doubles = False
    return written


def _with_kana(before: str, sound: str, *, is_small: bool, doubles: bool) -> str:
    if not is_small or not before.endswith(tuple("aiueo")):
        sound = _SAID.get(sound, sound)
        return before + (sound[0] if doubles else "") + sound
    # it takes the vowel in front of it: "ki" and a small "ya" are "kya", "fu" and "a" are "fa"
    stem = before[:-1]
    return stem + (sound[1:] if sound[0] == "y" and stem.endswith(_SOFT) else sound)


def _one_letter(letter: str) -> str:
    small = letter.lower()
    latin = _LETTERS.get(small)
    if latin is None:
        # an accent more or less, as of Greek; Latin ones are seen to elsewhere
        plain = unicodedata.normalize("NFKD", small)[:1]
        latin = _LETTERS.get(plain)
    if latin is None:
        return letter
    return latin if letter == small else latin.capitalize()
