"""Studio: the one door through which the window and the command line use everything else.

Importing this module imports neither torch nor Qt; torch comes in when the first job runs.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sa_studio.audio.edit import EditedSound, apply_edit, loop_of
from sa_studio.audio.files import read_audio
from sa_studio.audio.loop import audition, seam_score
from sa_studio.audio.loudness import Loudness, matched_gains, measure
from sa_studio.audio.playback import Player, output_devices
from sa_studio.audio.spectrogram import FREQUENCY_TICKS, spectrogram
from sa_studio.delivery.batch import Batch
from sa_studio.delivery.batch_row import Row
from sa_studio.delivery.cue_plan import Defaults, checked
from sa_studio.delivery.deliver import Delivered
from sa_studio.delivery.deliverable import file_of
from sa_studio.delivery.desk import DeliveryDesk, Stock
from sa_studio.delivery.example import example_path
from sa_studio.delivery.ledger import LedgerRow
from sa_studio.delivery.ledger import as_csv as ledger_as_csv
from sa_studio.delivery.ledger import as_json as ledger_as_json
from sa_studio.delivery.model_book import ModelBook
from sa_studio.delivery.recipe_back import DroppedRecipe
from sa_studio.delivery.rendered import RenderedFile
from sa_studio.delivery.report import RowReport
from sa_studio.delivery.sheet import Sheet, parse_sheet, read_sheet
from sa_studio.delivery.table import decode
from sa_studio.errors import LibraryError, ModelError, RequestError
from sa_studio.events import JobEvent, TimeLeft
from sa_studio.generation import (
    Clip,
    ClipFilter,
    GenerationRequest,
    ModelInfo,
    TokenCount,
    Verdict,
)
from sa_studio.jobs.cache import ModelCache, engine_loader
from sa_studio.jobs.leftovers import Leftovers
from sa_studio.jobs.pace import PaceBook
from sa_studio.jobs.queue import JobQueue
from sa_studio.jobs.runner import JobRunner
from sa_studio.jobs.waiting import WaitingJobs
from sa_studio.library.examples import read_examples
from sa_studio.library.history import History
from sa_studio.library.presets import Presets, Taken
from sa_studio.log_file import LogFile
from sa_studio.model_shelf import ModelShelf
from sa_studio.paths import DataFolder, bundled_models, resources
from sa_studio.profiles import Profiles
from sa_studio.ready_models import ReadyModels
from sa_studio.settings import Settings
from sa_studio.vocabulary.delivery import DeliveryProfile
from sa_studio.vocabulary.sound_edit import UNTOUCHED, SoundEdit
from sa_studio.vocabulary.ucs import Suggestion, UcsList

if TYPE_CHECKING:
    import numpy as np

# what the window takes of the audio room goes through this door, too
__all__ = [
    "FREQUENCY_TICKS",
    "OWN_PRESETS",
    "Batch",
    "Delivered",
    "DroppedRecipe",
    "EditedSound",
    "LedgerRow",
    "Loudness",
    "Player",
    "RenderedFile",
    "Row",
    "RowReport",
    "Sheet",
    "Studio",
    "Taken",
    "audition",
    "decode",
    "example_path",
    "ledger_as_csv",
    "ledger_as_json",
    "matched_gains",
    "measure",
    "output_devices",
    "parse_sheet",
    "read_sheet",
    "seam_score",
    "spectrogram",
]

OWN_PRESETS = "Your own"


class Studio:
    """The application without a face: models, queue, library, presets, playback.

    Every method may be called from the GUI thread and returns quickly, except :meth:`run_jobs`
    and :meth:`run_until_empty`, which work on the thread that calls them.

    Args:
        data_dir: where everything is kept; see :class:`sa_studio.paths.DataFolder`.

    Attributes:
        data: the folders.
        settings: the user's settings.
        shelf: where models come from and which are here; its downloads block.
        player: plays sounds; it opens the sound output when it is first used.

    Raises:
        DataFolderError: the data folder cannot be created or written.
        LibraryError: the library database cannot be used.
    """

    def __init__(self, data_dir: Path | str | None = None) -> None:
        self.data = DataFolder.choose(data_dir)
        self.data.create()
        self._log_file = LogFile(self.data.logs)
        self.settings = Settings.load(self.data.settings)
        self._profiles = Profiles(self.settings)
        self.player = Player()
        self.shelf = ModelShelf(self.data, bundled_models())
        store = self.shelf.store
        self._history = History(self.data.library)
        self._presets = Presets(self.data.presets, resources() / "presets")
        self._models = ReadyModels(self.shelf)
        cache = ModelCache(engine_loader(store.shared_text_encoder))
        self._paces = PaceBook()
        self._runner = JobRunner(
            store, cache, self._history, self.data.clips, self.shelf.lora_store, self._paces
        )
        self._queue = JobQueue(self._runner.run)
        self._leftovers = Leftovers(self._history, self.settings)
        self._waiting = WaitingJobs(self._queue, self._history, self._leftovers)
        stock = Stock(
            self._history,
            ModelBook(store, resources() / "catalog.json", self.shelf.lora_store),
            ucs=lambda: self.ucs,
            locate_model=self.shelf.locate,
            locate_lora=self.shelf.locate_lora,
        )
        self._desk = DeliveryDesk(stock, self.data.rendered)

    # --- models -----------------------------------------------------------------------------
    def read_models(self) -> tuple[list[ModelInfo], list[ModelError]]:
        """Every installed model that can be used, the starter first; and why the others cannot.

        Reads configs only.
        """
        return self._models.read()

    def models(self) -> list[ModelInfo]:
        """Every installed model that can be used, as :meth:`read_models` finds them."""
        found, _ = self.read_models()
        return found

    def model(self, model: str) -> ModelInfo:
        """The model with this id or path; raises ModelError if it is missing or unusable."""
        return self._models.info(model)

    def count_tokens(self, model: str, prompt: str) -> TokenCount | None:
        """How long ``prompt`` is for a model; ``None`` if its text encoder is not here.

        The first time it reads the model's tokenizer, a file of some megabytes: call it on a
        thread that may wait. It does not need torch.
        """
        return self._models.count_tokens(model, prompt)

    # --- jobs -------------------------------------------------------------------------------
    def add_listener(self, listener: Callable[[JobEvent], None]) -> None:
        """Call ``listener`` with what happens to waiting jobs, on the thread that makes it happen.

        These are ``JobQueued``, ``JobResumed``, ``QueueReordered``, ``TakeDropped``, and
        ``JobCancelled`` of a job that never ran.
        """
        self._waiting.listeners.append(listener)

    def problems(self, request: GenerationRequest) -> list[RequestError]:
        """Everything that is wrong with ``request``; empty if it can be submitted."""
        return self._models.problems(request)

    def submit(self, request: GenerationRequest, clip_ids: Sequence[str] = ()) -> str:
        """Resolve the request, enter its takes into the library as queued, and queue the job.

        A ``JobQueued`` event goes to the listeners before this returns. Returns the job id.

        Args:
            request: what to make.
            clip_ids: one of :func:`~sa_studio.generation.new_id` for each take, for callers who
                note them beforehand; new ones if left out.

        Raises:
            RequestError: the first of :meth:`problems`.
            ModelError: no such model.
        """
        return self._waiting.submit(self._models.resolved(request), clip_ids)

    def cancel(self, job_id: str) -> None:
        """Cancel a job; one that only waits is over at once. Other ids are ignored."""
        self._waiting.cancel(job_id)

    def drop_take(self, job_id: str, clip_id: str) -> None:
        """Cancel one take of a job that waits; the only one with its job. Others are ignored."""
        self._waiting.drop_take(job_id, clip_id)

    def clear_queue(self) -> None:
        """Cancel all jobs that wait; the one that runs goes on."""
        self._waiting.clear()

    def move_job(self, job_id: str, position: int) -> None:
        """Let a waiting job be number ``position``, from 0, of those that wait.

        A job that does not wait is ignored. The order outlives the application.

        Raises:
            DataFolderError: the order is changed, but cannot be kept for the next start.
        """
        self._waiting.move(job_id, position)

    def waiting_clips(self, job_id: str) -> tuple[Clip, ...]:
        """The takes of a job that waits; none of any other."""
        return self._waiting.clips(job_id)

    def waiting_time(self) -> TimeLeft | None:
        """How long what waits will take; ``None`` as long as nothing of it was measured."""
        return self._paces.time_for(self._waiting.requests())

    def interrupted_clips(self) -> list[Clip]:
        """Takes that waited or ran when the application ended, in the order of the queue."""
        return self._leftovers.clips()

    def resume_interrupted(self) -> None:
        """Queue the interrupted takes again, behind what waits; they keep their places and ids.

        A ``JobResumed`` event for each job goes to the listeners before this returns.

        Raises:
            LibraryError: that cannot be noted; they stay interrupted.
        """
        self._waiting.resume()

    def give_up_interrupted(self) -> None:
        """Never offer the interrupted takes again; they stay in the library.

        Raises:
            DataFolderError: that cannot be remembered.
        """
        self._leftovers.give_up()

    def run_jobs(self, emit: Callable[[JobEvent], None]) -> None:
        """Run jobs as they come, on this thread, until :meth:`stop`; blocks.

        While a take is sampled, ``StepPreview`` events show what it is going to look like.
        """
        self._runner.shows_previews = True
        self._queue.run(emit)

    def call_between_jobs(self, work: Callable[[], object]) -> None:
        """Do something that must not raise on the thread of :meth:`run_jobs`, before its next job.

        What a batch does belongs there: no job begins or ends meanwhile.
        """
        self._queue.call(work)

    def run_until_empty(self, emit: Callable[[JobEvent], None]) -> None:
        """Run the jobs that are queued, on this thread, and return."""
        self._queue.run_until_empty(emit)

    def stop(self) -> None:
        """Make :meth:`run_jobs` return after the running step; all jobs become interrupted."""
        self._queue.stop()

    # --- library ----------------------------------------------------------------------------
    def clips(
        self,
        filter: ClipFilter | str = "",  # noqa: A002
        *,
        limit: int = 500,
        offset: int = 0,
        total: int | None = None,
    ) -> list[Clip]:
        """A page of the takes that pass ``filter``, in its order; a text is what to search for.

        With ``total``, how many there are, far pages come sooner.
        """
        return self._history.list(filter, limit, offset, total)

    def count_clips(self, filter: ClipFilter | str = "") -> int:  # noqa: A002
        """How many takes pass ``filter``."""
        return self._history.count(filter)

    def clip(self, clip_id: str) -> Clip:
        """One take; raises LibraryError if there is none of this id."""
        return self._history.get(clip_id)

    def tags(self) -> list[str]:
        """Every tag that a take has, in alphabetical order."""
        return list(self._history.tags())

    def collections(self) -> list[str]:
        """Every collection that has a take, in alphabetical order."""
        return list(self._history.collections())

    def clip_models(self) -> list[str]:
        """Every model that made a take in the library: ids and paths, in alphabetical order."""
        return list(self._history.models())

    def rate_clips(self, clip_ids: Sequence[str], stars: int) -> None:
        """Give takes 0 to 5 stars. This and every change below can be undone."""
        self._history.edits.rate(clip_ids, stars)

    def judge_clips(self, clip_ids: Sequence[str], verdict: Verdict) -> None:
        """Keep or reject takes, or leave it open again."""
        self._history.edits.judge(clip_ids, verdict)

    def tag_clips(
        self, clip_ids: Sequence[str], add: Sequence[str] = (), remove: Sequence[str] = ()
    ) -> None:
        """Give tags to takes, and take tags off them.

        A tag is trimmed; one that is there in other letters (Door, door) is the same.

        Raises:
            LibraryError: a tag is empty or too long; nothing is changed.
        """
        self._history.edits.tag(clip_ids, add, remove)

    def annotate_clip(self, clip_id: str, notes: str) -> None:
        """Replace the notes on a take; raises LibraryError if there is none of this id."""
        self._history.edits.annotate(clip_id, notes)

    def collect_clips(
        self, clip_ids: Sequence[str], collection: str, *, member: bool = True
    ) -> None:
        """Put takes into a collection, or take them out of it.

        A collection comes into being with its first take and ends with its last.

        Raises:
            LibraryError: the name is empty or too long.
        """
        self._history.edits.collect(clip_ids, collection, member=member)

    def categorise_clips(self, clip_ids: Sequence[str], cat_id: str) -> None:
        """Put takes into a category of the Universal Category System; empty: into none.

        Raises:
            LibraryError: the list has no such CatID; nothing is changed.
        """
        if not cat_id.strip():
            self._history.edits.categorise(clip_ids, "", "")
            return
        category = self.ucs.find(cat_id)
        if category is None:
            begins = [item.cat_id for item in self.ucs.search(cat_id)[:3]]
            raise LibraryError(
                f"There is no UCS category {cat_id!r}",
                f"Did you mean {' or '.join(begins)}?" if begins else "An example is DOORWood.",
            )
        self._history.edits.categorise(clip_ids, category.cat_id, category.words)

    def edit_clips(self, clip_ids: Sequence[str], edit: SoundEdit) -> None:
        """Change how takes are heard and delivered; their files stay as they were generated."""
        self._history.edits.edit(clip_ids, edit)

    def clip_categories(self) -> list[str]:
        """Every CatID that a take in the library has, in alphabetical order."""
        return list(self._history.categories())

    @cached_property
    def ucs(self) -> UcsList:
        """The Universal Category System; the first time it takes a tenth of a second."""
        return UcsList.load(resources() / "ucs" / "en.json")

    def suggest_categories(self, prompt: str) -> list[Suggestion]:
        """The three categories that fit a prompt best, the best first; none rather than a guess."""
        return self.ucs.suggest(prompt)

    def remove_clips(self, clip_ids: Sequence[str]) -> None:
        """Take clips out of the list; finished files stay on disk, for a DAW may use them.

        Takes that are still being made stay in the list.
        """
        self._history.edits.remove(clip_ids)

    def bin_clips(self, clip_ids: Sequence[str]) -> list[Path]:
        """Take clips out of the list for good; returns their files, to be moved to the bin.

        They cannot be brought back by :meth:`undo`: they leave every change that it remembers.
        Takes that are still being made stay in the list. A file may be gone already.
        """
        return list(self._history.edits.discard(clip_ids))

    def undo(self) -> str | None:
        """Take back the latest change of the library.

        Returns what it was, such as "rate 3 takes"; ``None`` if there is nothing to undo.
        """
        return self._history.edits.undo()

    def redo(self) -> str | None:
        """Do again what was undone last; returns what it was, or ``None``."""
        return self._history.edits.redo()

    @property
    def undo_text(self) -> str | None:
        """What :meth:`undo` would take back."""
        return self._history.edits.undo_text

    @property
    def redo_text(self) -> str | None:
        """What :meth:`redo` would do again."""
        return self._history.edits.redo_text

    def read_audio(self, clip_id: str) -> tuple[np.ndarray, int]:
        """The samples of a finished take, float32 [channels, samples], and the sample rate.

        Raises:
            LibraryError: there is no such take, or it is not finished.
            AudioFileError: its file is gone or damaged.
        """
        return read_audio(file_of(self.clip(clip_id)))

    def edited_audio(self, clip_id: str, edit: SoundEdit | None = None) -> tuple[EditedSound, int]:
        """A finished take as it is heard, and the sample rate.

        Args:
            clip_id: the take.
            edit: instead of the one that the take has.

        Raises:
            LibraryError: there is no such take, or it is not finished.
            AudioFileError: its file is gone or damaged.
            RequestError: the edit begins behind the end of the sound.
        """
        edit = self.clip(clip_id).edit if edit is None else edit
        audio, rate = self.read_audio(clip_id)
        if edit == UNTOUCHED:
            return EditedSound(audio, None), rate
        return apply_edit(audio, rate, edit), rate

    def find_loop(self, clip_id: str, edit: SoundEdit) -> SoundEdit:
        """An edit that makes a loop of a part of what ``edit`` keeps, where it closes best.

        It takes a moment: call it on a thread that may wait.

        Raises:
            LibraryError: there is no such take, or it is not finished.
            AudioFileError: its file is gone or damaged.
            RequestError: it is too short for a loop.
        """
        return loop_of(*self.read_audio(clip_id), edit)

    # --- delivery ---------------------------------------------------------------------------
    # These read and write files: call them on a thread that may wait.
    def export_clips(
        self,
        sounds: Sequence[str | Path],
        folder: Path,
        profile: DeliveryProfile | None = None,
        *,
        cat_id: str = "",
    ) -> Iterator[Delivered]:
        """Deliver takes, or any sound files, into a folder: whole files, never in another's place.

        What can be checked beforehand is checked at once. Then each sound is delivered when it is
        asked for; in a profile that matches sets, all are measured first.

        Args:
            sounds: ids of takes, or paths.
            folder: made if need be.
            profile: what the files are like; the chosen one by default.
            cat_id: UCS category of all of them, instead of their own.

        Raises:
            LibraryError: a take is not finished.
            AudioFileError: a sound is not there, or damaged.
            DeliveryError: a sound has no category, but the names want one; there is no such
                category; the folder cannot be written, or has no room.
        """
        found = [self._desk.sound(sound, cat_id) for sound in sounds]
        return self._desk.export(found, folder, profile or self.profile)

    def export_round_robin(
        self,
        sounds: Sequence[str | Path],
        folder: Path,
        profile: DeliveryProfile | None = None,
        *,
        cat_id: str = "",
    ) -> Iterator[Delivered]:
        """Deliver variations of one sound as a pack: they begin alike, are equally loud, and are
        numbered in their order; otherwise as :meth:`export_clips`.
        """
        found = [self._desk.sound(sound, cat_id) for sound in sounds]
        return self._desk.export(found, folder, profile or self.profile, round_robin=True)

    def dragged_file(self, clip_id: str, part: tuple[float, float] | None = None) -> Path:
        """The file of a finished take in the chosen profile, to be dragged out or copied.

        It is made if it is not there yet. One that was made stays as it is: another profile or
        edit makes another file.

        Args:
            clip_id: the take.
            part: only from here to there, in seconds of what is heard.

        Raises:
            LibraryError: there is no such take, or it is not finished.
            AudioFileError: its file is gone or damaged.
            DeliveryError: it has no category, but the names want one; or there is no room.
            RequestError: the part holds no sound.
        """
        return self._desk.dragged_file(clip_id, self.profile, part)

    def take_files(self, paths: Sequence[Path]) -> None:
        """Note that files of :meth:`dragged_file` leave the window: they stay until the user
        deletes them. Those that nobody takes are deleted a day later.

        Raises:
            DataFolderError: that cannot be noted; do not hand them out.
        """
        self._desk.rendered.take(paths)

    def rendered_files(self) -> list[RenderedFile]:
        """Every file that was made to be dragged out, and whether it was."""
        return list(self._desk.rendered.files())

    def delete_rendered(self, files: Sequence[RenderedFile]) -> None:
        """Delete such files for good; the takes stay.

        Raises:
            DataFolderError: one cannot be deleted; those before it are.
        """
        self._desk.rendered.delete(files)

    def read_recipe(self, path: Path) -> DroppedRecipe:
        """Every setting of a file that was made here, and what is missing to make it again.

        Raises:
            AudioFileError: it is no sound file.
            DeliveryError: there is no recipe in it, or a damaged one.
        """
        return self._desk.recipe(path)

    def ledger(self, collection: str = "") -> list[LedgerRow]:
        """Model, licence, prompt and seed of each finished take, or of those in a collection.

        Raises:
            LibraryError: there is no such collection.
        """
        return self._desk.ledger(collection)

    def batch(
        self,
        sheet: Sheet,
        folder: Path,
        *,
        show: Callable[[RowReport], object],
        profile: str | None = None,
        model: str = "starter",
        device: str | None = None,
        dtype: str | None = None,
    ) -> Batch:
        """What a cue sheet asks for, and what of it an earlier call has made already.

        Nothing is made yet: call its ``begin``, run the queue, and let its ``handle`` hear of every
        event on the thread that runs it.

        Args:
            sheet: as :func:`read_sheet` or :func:`parse_sheet` finds it.
            folder: where it is delivered.
            show: called with every row that is done or has failed.
            profile, model: of rows that name none; the chosen profile by default.
            device, dtype: where and how precisely to compute, instead of the settings.

        Raises:
            SheetError: with everything that is wrong with the sheet; or what was made before
                cannot be read.
            ProfileError: there is no such profile.
        """
        defaults = Defaults(
            self.profile if profile is None else self.find_profile(profile),
            model,
            device or self.settings.device,
            dtype or self.settings.dtype,
        )
        return Batch(sheet, checked(sheet, self, defaults), folder, self, self._desk, show)

    # --- presets ----------------------------------------------------------------------------
    def presets(self) -> list[str]:
        """Names of built-in and own presets, built-in first, each alphabetical."""
        return self._presets.names()

    def is_builtin_preset(self, name: str) -> bool:
        """Whether the preset ships with the application and cannot be changed."""
        return self._presets.is_builtin(name)

    def load_preset(self, name: str) -> dict[str, Any]:
        """The request fields that the preset sets; raises PresetError."""
        return self._presets.load(name)

    def presets_by_category(self) -> dict[str, list[str]]:
        """The names as they are shown: the user's own under :data:`OWN_PRESETS`, if any, and then
        the built-in ones by category.
        """
        own = self._presets.own_names()
        groups = {OWN_PRESETS: own} if own else {}
        return {**groups, **self._presets.builtin_by_category()}

    def save_preset(self, name: str, fields: dict[str, Any], *, overwrite: bool = False) -> None:
        """Save request fields under a name; raises PresetError if it exists and not overwrite."""
        self._presets.save(name, fields, overwrite=overwrite)

    def rename_preset(self, name: str, new_name: str) -> str:
        """Give one of the user's presets another name, and return that; raises PresetError."""
        return self._presets.rename(name, new_name)

    def taken_preset(self, name: str) -> str | None:
        """The preset that has this name already, whatever its capitals."""
        return self._presets.taken(name)

    def check_preset_file(self, path: Path) -> None:
        """Raise PresetError if the file is no preset that can be imported."""
        self._presets.read_file(path)

    def import_preset(self, path: Path, *, when_taken: Taken | None = None) -> str | None:
        """Take over a preset from a file, under the file's name.

        Returns its name here, ``None`` if it was skipped. Raises PresetError: the file is no
        preset, or its name is taken and ``when_taken`` does not say what to do then.
        """
        return self._presets.import_file(path, when_taken=when_taken)

    def export_preset(self, name: str, path: Path, *, overwrite: bool = False) -> None:
        """Write a preset to a file; raises PresetError if that exists and not overwrite."""
        self._presets.export(name, path, overwrite=overwrite)

    def preset_file(self, name: str) -> Path:
        """The file of one of the user's presets; built-in ones are refused with PresetError."""
        return self._presets.own_file(name)

    def delete_preset(self, name: str) -> None:
        """Delete one of the user's presets for good; built-in ones are refused with PresetError."""
        self._presets.delete(name)

    # --- delivery profiles ------------------------------------------------------------------
    def profiles(self) -> list[DeliveryProfile]:
        """All profiles, the built-in ones first."""
        return self._profiles.all()

    @property
    def profile(self) -> DeliveryProfile:
        """The chosen profile: what is dragged out is like it."""
        return self._profiles.chosen

    def is_builtin_profile(self, name: str) -> bool:
        """Whether the profile ships with the application and cannot be changed."""
        return self._profiles.is_builtin(name)

    def find_profile(self, name: str) -> DeliveryProfile:
        """The profile of this name; raises ProfileError."""
        return self._profiles.find(name)

    def save_profile(self, profile: DeliveryProfile) -> DeliveryProfile:
        """Keep one of the user's own, in place of what had its name; raises ProfileError."""
        return self._profiles.save(profile)

    def delete_profile(self, name: str) -> None:
        """Delete one of the user's own for good; built-in ones are refused with ProfileError."""
        self._profiles.delete(name)

    def choose_profile(self, name: str) -> DeliveryProfile:
        """Let what is dragged out be like this profile from now on; raises ProfileError."""
        return self._profiles.choose(name)

    # --- prompts ----------------------------------------------------------------------------
    def prompts(self, limit: int = 200) -> list[str]:
        """The last different prompts that were generated, newest first, placeholders and all.

        Reads the library: call it on a thread that may wait.
        """
        return list(self._history.prompts(limit))

    def example_prompts(self) -> dict[str, tuple[str, ...]]:
        """Prompts to learn from, by category."""
        return read_examples(resources() / "examples.json")

    # --- the rest ---------------------------------------------------------------------------
    def close(self) -> None:
        """Stop playing, close the library; the Studio cannot be used afterwards."""
        with contextlib.ExitStack() as stack:
            stack.callback(self._log_file.close)
            stack.callback(self._history.close)
            stack.callback(self.player.close)

    def __enter__(self) -> Studio:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()
