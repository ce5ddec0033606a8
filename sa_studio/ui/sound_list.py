"""Everything that a model knows, and prompts to learn from, by category, found by typing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QWidget

from sa_studio.ui.grouped_tree import Row
from sa_studio.ui.search_list import SearchList
from sa_studio.vocabulary.hint import names_a_sound
from sa_studio.vocabulary.sounds import Vocabulary

SOUNDS, EXAMPLES = "Sounds", "Examples"
OF_THE_MODEL = "Of this model"
HOW = "Click or Enter: use it · with Ctrl: add it · double click: use it and close"


class SoundList(SearchList):
    """The sounds on one page, example prompts on the other."""

    def __init__(self, opener: QWidget) -> None:
        super().__init__(
            opener,
            "sound",
            "What this model knows",
            search="Search sounds and examples",
            nothing="Nothing is called that.",
            how=HOW,
        )

    def set_known(
        self,
        prompts: Sequence[str],
        vocabulary: Vocabulary,
        examples: Mapping[str, Sequence[str]],
    ) -> None:
        """List the sounds, and the examples that a model with this vocabulary understands.

        Args:
            prompts: the model's own examples.
            vocabulary: what it knows.
            examples: those of the application, by category.
        """
        sounds = {
            category: [Row(sound.label, also=sound.synonyms) for sound in sounds]
            for category, sounds in vocabulary.by_category().items()
        }
        understood = {
            category: [Row(text) for text in texts if names_a_sound(text, vocabulary)]
            for category, texts in examples.items()
        }
        own = [Row(text) for text in prompts]
        self.set_pages({SOUNDS: sounds, EXAMPLES: {**understood, OF_THE_MODEL: own}})
