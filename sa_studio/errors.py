"""Errors that carry what happened and what to do about it.

There are two families: a :class:`StudioError` is something the user can mend, and is shown as
one line with a hint; any other exception is our bug, and is logged with its traceback.
"""

from __future__ import annotations

MAX_WORD_CHARACTERS = 500


class StudioError(Exception):
    """Something the user can act on.

    Args:
        message: what happened, one line without a trailing full stop.
        hint: what to do about it, one line; may be empty.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def one_line(self) -> str:
        """Message and hint on a single line, as the command line prints them."""
        text = f"{self.message}. {self.hint}" if self.hint else self.message
        return " ".join(map(_shortened, text.split()))


def our_mistake(error: Exception) -> StudioError:
    """What to show of an error that is our bug; whoever caught it has logged its traceback."""
    return StudioError(
        f"Something went wrong inside the application ({type(error).__name__}: {error})",
        "The details are in the log; please report them.",
    )


def _shortened(word: str) -> str:
    """``word``, unless somebody's mistake made it longer than any path."""
    if len(word) <= MAX_WORD_CHARACTERS:
        return word
    return f"{word[: MAX_WORD_CHARACTERS // 2]}…{word[-10:]}"


class RequestError(StudioError):
    """A value of a :class:`~sa_studio.generation.GenerationRequest` cannot be used.

    ``field`` names the request's attribute, so that a form can mark the field.
    """

    def __init__(self, field: str, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.field = field


class ModelError(StudioError):
    """A model folder is missing, incomplete, damaged or of a family that is not supported."""


class LoraError(StudioError):
    """A LoRA is missing or damaged, or does not fit the model."""


class OutOfMemory(StudioError):  # noqa: N818 (what it is called everywhere)
    """The device has too little memory for the request."""


class NotFinite(StudioError):  # noqa: N818 (what it is called everywhere)
    """A model made values that are no numbers, as half precisions can.

    Args:
        what: "latents" or "audio".
    """

    def __init__(self, what: str) -> None:
        super().__init__(
            f"The model made {what} with values that are no numbers",
            "Lower the strength of its LoRAs, or use the precision float32; if it goes on, the "
            "model's files may be damaged: check them with sa-studio models verify.",
        )


class DataFolderError(StudioError):
    """The data folder cannot be created, read or written."""


class AudioFileError(StudioError):
    """A sound file cannot be read or written."""


class DeliveryError(StudioError):
    """A sound cannot be delivered as its profile wants it, or a delivered one not be read back."""


class SheetError(StudioError):
    """A cue sheet cannot be read, or its batch cannot be begun.

    ``problems`` has a line for each thing that is wrong with it, if that is known in detail.
    """

    def __init__(self, message: str, hint: str = "", problems: tuple[str, ...] = ()) -> None:
        super().__init__(message, hint)
        self.problems = problems


class PresetError(StudioError):
    """A preset is damaged, foreign, missing or would be overwritten."""


class ProfileError(StudioError):
    """A delivery profile is missing, built in, or has no usable name."""


class LibraryError(StudioError):
    """The library database cannot be used, or has no such clip."""


class HubError(StudioError):
    """Models cannot be got from the hub.

    ``page`` is the page to open in a browser, where that helps; empty otherwise.
    """

    def __init__(self, message: str, hint: str = "", page: str = "") -> None:
        super().__init__(message, hint)
        self.page = page


class NotLoggedIn(HubError):  # noqa: N818 (states, not mistakes)
    """The hub wants to know who asks: there is no token, or it is not valid (401)."""


class LicenceNotAccepted(HubError):  # noqa: N818
    """The account has not accepted the model's licence on the hub (403)."""


class TransferCancelled(StudioError):  # noqa: N818
    """The user stopped a download or an import; what is there is kept for the next try."""
