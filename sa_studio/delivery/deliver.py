"""From a sound to a file that a studio accepts as it is."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sa_studio.audio.files import read_audio
from sa_studio.audio.level import set_loudness
from sa_studio.audio.naming import NameValues, file_stem, folder_of, fx_name
from sa_studio.audio.render import RenderedSound, Samples, loudness_before, render
from sa_studio.audio.sound_facts import Marker, SoundFacts
from sa_studio.audio.sound_file import encode
from sa_studio.delivery.deliverable import Deliverable
from sa_studio.delivery.destination import Destination
from sa_studio.delivery.model_book import ModelBook
from sa_studio.delivery.told import told
from sa_studio.errors import DeliveryError
from sa_studio.vocabulary.delivery import DeliveryProfile, LevelPolicy, Naming
from sa_studio.vocabulary.sound_edit import SoundEdit
from sa_studio.vocabulary.ucs import UcsCategory, UcsList

CHANNELS = (1, 2)
SUGGESTIONS = 3
SHOWN_CHARACTERS = 60
ONSET = "onset"


@dataclass(frozen=True, slots=True)
class Delivered:
    """A file that was delivered.

    Attributes:
        path: where it is.
        facts: what it says.
        sound: what it was made from.
        profile: as it was delivered.
        sample_rate: Hz.
        channels, samples: of the file.
    """

    path: Path
    facts: SoundFacts
    sound: Deliverable
    profile: DeliveryProfile
    sample_rate: int
    channels: int
    samples: int

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.samples / self.sample_rate


class Delivery:
    """Sounds on their way into a folder, in a profile.

    Args:
        profile: what the files are like.
        folder: where they go; made if need be.
        models: what is known of models.
        ucs: gives the categories; asked for them only if a category is needed.
        is_taken: says of paths in the folder that they cannot be used, although nothing is there.
    """

    def __init__(
        self,
        profile: DeliveryProfile,
        folder: Path,
        models: ModelBook,
        ucs: Callable[[], UcsList],
        is_taken: Callable[[Path], bool] | None = None,
    ) -> None:
        self.profile = profile
        self._models, self._ucs = models, ucs
        self._destination = Destination(folder, is_taken)

    def check(self, sounds: Sequence[Deliverable]) -> None:
        """See to it that nothing keeps these from being delivered, before the first one is.

        Raises:
            DeliveryError: a sound has no UCS category, but the names want one, or one that is
                not on the list; or the folder cannot be written.
        """
        for sound in sounds:
            self._category(sound)
        self._destination.check()

    def set_loudness(self, sounds: Sequence[Deliverable]) -> float | None:
        """The loudness that these share in a profile that matches sets; ``None`` in others.

        Reads every sound.

        Raises:
            AudioFileError: a file is gone or damaged.
        """
        if self.profile.level is not LevelPolicy.MATCH:
            return None
        return set_loudness(
            [
                loudness_before(*read_audio(sound.path), sound.edit, self.profile)
                for sound in sounds
            ],
            self.profile,
        )

    def deliver(self, sound: Deliverable, *, set_lufs: float | None = None) -> Delivered:
        """Deliver one sound.

        Args:
            sound: a take or a file.
            set_lufs: from :meth:`set_loudness`.

        Raises:
            AudioFileError: its file is gone or damaged.
            DeliveryError: see :meth:`check`; nothing is left behind.
        """
        audio, rate = read_audio(sound.path)
        return self.deliver_audio(sound, audio, rate, edit=sound.edit, set_lufs=set_lufs)

    def deliver_audio(
        self,
        sound: Deliverable,
        audio: Samples,
        rate: int,
        *,
        edit: SoundEdit,
        level: LevelPolicy | None = None,
        set_lufs: float | None = None,
        onset: float | None = None,
    ) -> Delivered:
        """Deliver what was made of a sound.

        Args:
            sound: what it was made of: decides what the file says and what it is called.
            audio: float32 [channels, samples].
            rate: Hz.
            edit: what is still to be done to it.
            level: instead of the profile's.
            set_lufs: what the set shares.
            onset: seconds at which it sounds first, to be marked in the file.

        Raises:
            DeliveryError: see :meth:`check`, or it is not mono or stereo; nothing is left behind.
        """
        if audio.shape[0] not in CHANNELS:
            raise DeliveryError(
                f"{sound.path.name!r} has {audio.shape[0]} channels",
                "Mono and stereo sounds can be delivered.",
            )
        profile = self.profile if level is None else replace(self.profile, level=level)
        category = self._category(sound)
        rendered = render(audio, rate, edit, profile, set_lufs=set_lufs, seed=_seed(sound))
        model = self._models.facts(sound.request.model) if sound.request else None
        loras = sound.request.loras if sound.request else ()
        hashes = [self._models.lora_hash(name) for name, _ in loras]
        facts = replace(
            told(sound, profile, model, category, self._fx_name(sound, category), hashes),
            loudness=rendered.loudness,
            loop=rendered.loop,
            markers=_markers(onset, rendered),
        )
        content = encode(
            rendered.audio, rendered.rate, format=profile.format, depth=profile.depth, facts=facts
        )
        values = self._values(sound, facts)
        path = self._destination.write(
            folder_of(profile.folder_template, values), self._names(values, sound.number), content
        )
        channels, samples = rendered.audio.shape
        return Delivered(path, facts, sound, profile, rendered.rate, channels, samples)

    def _fx_name(self, sound: Deliverable, category: UcsCategory | None) -> str:
        """As its name has it: of the title, or of the category if nothing of that is left."""
        found = fx_name(sound.title, ascii_only=self.profile.ascii_names)
        if not found and category is not None:
            return fx_name(f"{category.category} {category.subcategory}".title())
        return found

    def _values(self, sound: Deliverable, facts: SoundFacts) -> NameValues:
        return NameValues(
            title=sound.title,
            seed=sound.request.seed if sound.request and not sound.name else None,
            fx_name=facts.fx_name,
            cat_id=facts.cat_id,
            category=facts.category,
            subcategory=facts.subcategory,
            creator_id=facts.creator_id,
            source_id=facts.source_id,
            is_loop=facts.loop is not None,
            library=facts.library,
            collection=sound.collections[0] if sound.collections else "",
            date=f"{facts.created:%Y-%m-%d}" if facts.created else "",
            model=facts.model,
            ascii_only=self.profile.ascii_names,
        )

    def _names(self, values: NameValues, first: int) -> Iterator[str]:
        """File names, the most wanted first; there is no end of them."""
        profile = self.profile
        for number in itertools.count(first):
            yield f"{file_stem(profile.naming, values, number)}.{profile.format}"

    def _category(self, sound: Deliverable) -> UcsCategory | None:
        if sound.cat_id:
            found = self._ucs().find(sound.cat_id)
            if found is None:
                raise DeliveryError(
                    f"There is no UCS category {sound.cat_id!r}", self._proposal(sound.title)
                )
            return found
        if self.profile.naming is Naming.UCS:
            raise DeliveryError(
                f"The sound {_shown(sound.title)!r} has no UCS category, and its name needs one",
                self._proposal(sound.title),
            )
        return None

    def _proposal(self, title: str) -> str:
        """Which category to choose; the list decides, not we."""
        found = [item.category.cat_id for item in self._ucs().suggest(title, SUGGESTIONS)]
        likely = f" It may be {' or '.join(found)}." if found else ""
        return f"Choose one of the take, or name it with --catid.{likely}"


def _markers(onset: float | None, rendered: RenderedSound) -> tuple[Marker, ...]:
    place = None if onset is None else round(onset * rendered.rate)
    if place is None or place >= rendered.audio.shape[-1]:
        return ()
    return (Marker(place, ONSET),)


def _shown(title: str) -> str:
    return title if len(title) <= SHOWN_CHARACTERS else f"{title[:SHOWN_CHARACTERS]}…"


def _seed(sound: Deliverable) -> int:
    """Of the dither: the same for the same sound, whenever it is delivered."""
    origin = sound.clip_id or sound.path.name
    return int.from_bytes(hashlib.sha256(origin.encode(errors="replace")).digest()[:4])
