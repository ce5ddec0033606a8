"""Delivery profiles: those that are built in, and the user's own, which the settings keep."""

from __future__ import annotations

from dataclasses import replace

from sa_studio.errors import ProfileError
from sa_studio.generation import is_encodable
from sa_studio.settings import Settings
from sa_studio.vocabulary.delivery import DeliveryProfile, Depth, FileFormat, Naming

MAX_NAME_CHARACTERS = 60
BUILT_IN = (
    DeliveryProfile("Studio"),
    DeliveryProfile("Game", depth=Depth.INT16, naming=Naming.GAME, trim_silence=True),
    DeliveryProfile("Library (UCS)", naming=Naming.UCS, folder_template="{category}"),
    DeliveryProfile("Original", sample_rate=44_100),
    DeliveryProfile("Web", format=FileFormat.OGG, trim_silence=True),
)


class Profiles:
    """The profiles, by name; case does not matter.

    Args:
        settings: where the user's own and the choice are kept; saved with every change.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def all(self) -> list[DeliveryProfile]:
        """The built-in ones, and the user's own in alphabetical order."""
        kept = self._settings.profiles
        own = {
            _key(profile.name): profile
            # older versions kept what no file can be, such as FLAC of 32-bit float
            for profile in (DeliveryProfile.from_dict(one).fitted() for one in kept)
            if profile.name.strip() and not self.is_builtin(profile.name)
        }
        return [*BUILT_IN, *(own[name] for name in sorted(own))]

    @property
    def chosen(self) -> DeliveryProfile:
        """The profile in which sounds are dragged out; the first if that one is gone."""
        wanted = _key(self._settings.profile)
        return next((one for one in self.all() if _key(one.name) == wanted), BUILT_IN[0])

    def is_builtin(self, name: str) -> bool:
        """Whether the profile ships with the application and cannot be changed."""
        return _key(name) in (_key(profile.name) for profile in BUILT_IN)

    def find(self, name: str) -> DeliveryProfile:
        """The profile of this name.

        Raises:
            ProfileError: there is none.
        """
        for profile in self.all():
            if _key(profile.name) == _key(name):
                return profile
        names = ", ".join(profile.name for profile in self.all())
        raise ProfileError(f"There is no delivery profile {name!r}", f"Use one of: {names}.")

    def save(self, profile: DeliveryProfile) -> DeliveryProfile:
        """Keep a profile, in place of the one that has its name; returns it as it is kept.

        Raises:
            ProfileError: its name is empty, too long, or that of a built-in one.
            RequestError: files of its format cannot be like this.
            DataFolderError: it cannot be written; it counts until the end of the program.
        """
        name = " ".join(profile.name.split())
        if not name or not is_encodable(name) or not name.isprintable():
            raise ProfileError("The profile has no name", "Type at least one letter.")
        if len(name) > MAX_NAME_CHARACTERS:
            raise ProfileError(
                f"The name of the profile has {len(name):,} characters",
                f"Use at most {MAX_NAME_CHARACTERS}.",
            )
        self._refuse_builtin(name, "changed", "Save it under another name.")
        for conflict in profile.conflicts():
            raise conflict
        kept = replace(profile, name=name)
        self._settings.profiles = [*self._others(name), kept.as_dict()]
        self._settings.save()
        return kept

    def delete(self, name: str) -> None:
        """Delete one of the user's own; if it was chosen, the first built-in one is, then.

        Raises:
            ProfileError: there is none of this name, or it is built in.
            DataFolderError: that cannot be written.
        """
        profile = self.find(name)
        self._refuse_builtin(name, "deleted", "Choose another one instead.")
        if profile == self.chosen:
            self._settings.profile = BUILT_IN[0].name
        self._settings.profiles = self._others(name)
        self._settings.save()

    def choose(self, name: str) -> DeliveryProfile:
        """Let sounds be dragged out in this profile from now on; returns it.

        Raises:
            ProfileError: there is none of this name.
            DataFolderError: that cannot be written.
        """
        profile = self.find(name)
        self._settings.profile = profile.name
        self._settings.save()
        return profile

    def _refuse_builtin(self, name: str, done: str, hint: str) -> None:
        if self.is_builtin(name):
            raise ProfileError(f"The built-in profile {name!r} cannot be {done}", hint)

    def _others(self, name: str) -> list[dict[str, object]]:
        own = self._settings.profiles
        return [one for one in own if _key(str(one.get("name", ""))) != _key(name)]


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()
