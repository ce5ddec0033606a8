from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from sa_studio.audio.read_facts import read_recipe
from sa_studio.errors import (
    AudioFileError,
    DataFolderError,
    LibraryError,
    ModelError,
    PresetError,
    RequestError,
)
from sa_studio.events import (
    ChunkDecoded,
    ClipFinished,
    JobCancelled,
    JobEvent,
    JobFailed,
    JobFinished,
    JobQueued,
    Progress,
)
from sa_studio.generation import ClipFilter, ClipState, GenerationRequest, Verdict
from sa_studio.service import Studio
from sa_studio.vocabulary.delivery import DeliveryProfile
from sa_studio.vocabulary.sound_edit import SoundEdit
from tests.tiny_model import EMBED_DIM


def run(studio: Studio, *requests: GenerationRequest) -> list[JobEvent]:
    events: list[JobEvent] = []
    for request in requests:
        studio.submit(request)
    studio.run_until_empty(events.append)
    return events


def samples(studio: Studio, events: list[JobEvent]) -> list[np.ndarray]:
    clips = [event.clip for event in events if isinstance(event, ClipFinished)]
    return [studio.read_audio(clip.id)[0] for clip in clips]


def test_a_request_becomes_a_file_of_the_seconds_asked_for(
    studio: Studio, request_for: GenerationRequest, data_dir: Path
) -> None:
    events = run(studio, request_for)
    (clip,) = studio.clips()
    assert isinstance(events[-1], JobFinished)
    assert clip.state is ClipState.FINISHED
    assert clip.path is not None
    assert clip.path.parent == data_dir / "clips"
    info = soundfile.info(clip.path)
    assert (info.frames, info.samplerate, info.channels) == (22_050, 44_100, 2)
    assert np.abs(studio.read_audio(clip.id)[0]).max() > 0
    recipe = read_recipe(clip.path)
    assert recipe is not None
    assert (recipe["seed"], recipe["steps"]) == (5, 2)


def test_chunks_joined_are_the_sound(studio: Studio, request_for: GenerationRequest) -> None:
    events = run(studio, request_for)
    chunks = [event for event in events if isinstance(event, ChunkDecoded)]
    joined = np.concatenate([chunk.audio for chunk in chunks], axis=-1)
    (audio,) = samples(studio, events)
    assert joined.shape == audio.shape
    np.testing.assert_allclose(audio, joined.clip(-1, 1), atol=2**-23)


def test_the_same_seed_gives_the_same_samples_and_another_one_others(
    studio: Studio, request_for: GenerationRequest
) -> None:
    other = replace(request_for, seed=6)
    first, second, different = samples(studio, run(studio, request_for, request_for, other))
    np.testing.assert_array_equal(first, second)
    assert np.abs(first - different).max() > 1e-3


def test_three_takes_are_the_three_sounds_made_alone(
    studio: Studio, request_for: GenerationRequest
) -> None:
    together = samples(studio, run(studio, replace(request_for, count=3)))
    alone = samples(studio, run(studio, *(replace(request_for, seed=5 + n) for n in range(3))))
    for one, other in zip(together, alone, strict=True):
        np.testing.assert_array_equal(one, other)


def lora_file(path: Path) -> Path:
    """A LoRA that fits the tiny model."""
    import torch
    from safetensors.torch import save_file

    generator = torch.Generator().manual_seed(1)
    layer = "transformer.layers.0.self_attn.to_qkv"
    tensors = {
        f"{layer}.lora_down.weight": torch.randn(2, EMBED_DIM, generator=generator),
        f"{layer}.lora_up.weight": torch.randn(3 * EMBED_DIM, 2, generator=generator),
    }
    save_file(tensors, path)
    return path


def test_an_installed_lora_is_heard_by_its_name(
    studio: Studio, request_for: GenerationRequest, tmp_path: Path
) -> None:
    name = studio.shelf.import_lora(lora_file(tmp_path / "warm.safetensors"))
    asked = [replace(request_for, loras=((name, strength),)) for strength in (0.0, 1.0)]
    (plain, off, on) = samples(studio, run(studio, request_for, *asked))
    np.testing.assert_array_equal(plain, off)
    assert np.abs(plain - on).max() > 1e-3
    newest = studio.clips()[0]
    assert newest.request.loras == (("warm", 1.0),)
    assert newest.path is not None
    recipe = read_recipe(newest.path)
    assert recipe is not None
    assert recipe["loras"] == [["warm", 1.0]]


def test_a_lora_by_its_path_is_found_from_everywhere(
    studio: Studio, request_for: GenerationRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = lora_file(tmp_path / "warm.safetensors")
    monkeypatch.chdir(tmp_path)
    (plain, on) = samples(
        studio, run(studio, request_for, replace(request_for, loras=((path.name, 1.0),)))
    )
    assert np.abs(plain - on).max() > 1e-3
    assert studio.clips()[0].request.loras == ((str(path), 1.0),)


def test_a_lora_that_is_not_here_is_a_problem_of_the_form(
    studio: Studio, request_for: GenerationRequest
) -> None:
    request = replace(request_for, loras=(("cold", 1.0),))
    (problem,) = studio.problems(request)
    assert problem.field == "loras"
    with pytest.raises(RequestError, match="There is no LoRA 'cold'"):
        studio.submit(request)
    assert studio.clips() == []


def test_what_is_stored_makes_the_sound_again(
    studio: Studio, request_for: GenerationRequest
) -> None:
    (first,) = samples(studio, run(studio, replace(request_for, seed=None, steps=None)))
    (again,) = samples(studio, run(studio, studio.clips()[0].request))
    np.testing.assert_array_equal(first, again)


def test_init_audio_is_heard(
    studio: Studio, request_for: GenerationRequest, tmp_path: Path
) -> None:
    path = tmp_path / "in.wav"
    soundfile.write(path, np.sin(np.arange(22_050) / 20), 22_050)
    given = replace(request_for, init_audio=path, init_noise_level=0.3)
    events = run(studio, request_for, given)
    without, with_init = samples(studio, events)
    assert without.shape == with_init.shape
    assert np.abs(without - with_init).max() > 1e-3


def test_a_job_is_in_the_library_before_submit_returns(
    studio: Studio, request_for: GenerationRequest
) -> None:
    heard: list[JobEvent] = []
    studio.add_listener(heard.append)
    job_id = studio.submit(replace(request_for, count=2, seed=None))
    (queued,) = heard
    assert isinstance(queued, JobQueued)
    assert queued.job_id == job_id
    assert list(queued.clips) == studio.clips()
    assert {clip.state for clip in queued.clips} == {ClipState.QUEUED}
    seeds = [clip.request.seed for clip in queued.clips]
    assert seeds[0] is not None
    assert seeds[1] == (seeds[0] + 1) % 2**32


def test_bad_requests_never_reach_the_library(
    studio: Studio, request_for: GenerationRequest
) -> None:
    with pytest.raises(RequestError) as caught:
        studio.submit(replace(request_for, prompt=" "))
    assert caught.value.field == "prompt"
    with pytest.raises(ModelError):
        studio.submit(replace(request_for, model="nonesuch"))
    (problem,) = studio.problems(replace(request_for, model="nonesuch"))
    assert (problem.field, bool(problem.hint)) == ("model", True)
    assert studio.clips() == []


def test_paths_are_stored_so_that_they_are_found_from_anywhere(
    studio: Studio,
    request_for: GenerationRequest,
    tiny_model: Path,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    soundfile.write(tmp_path / "in.wav", np.zeros(100), 44_100)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "linked").symlink_to(tiny_model)
    studio.submit(replace(request_for, model="linked", init_audio=Path("in.wav")))
    stored = studio.clips()[0].request
    assert (stored.model, stored.init_audio) == (str(tmp_path / "linked"), tmp_path / "in.wav")


def test_cancel_from_another_thread_frees_the_queue_for_the_next_job(
    studio: Studio, request_for: GenerationRequest
) -> None:
    doomed = studio.submit(replace(request_for, steps=1000))
    studio.submit(request_for)
    events: list[JobEvent] = []
    stepped = threading.Event()

    def emit(event: JobEvent) -> None:
        events.append(event)
        if isinstance(event, Progress):
            stepped.set()

    worker = threading.Thread(target=studio.run_until_empty, args=(emit,))
    worker.start()
    assert stepped.wait(30)
    studio.cancel(doomed)
    worker.join(30)
    assert [type(event) for event in events if event.job_id == doomed][-1] is JobCancelled
    steps = sum(isinstance(event, Progress) for event in events if event.job_id == doomed)
    assert steps < 900
    assert [clip.state.value for clip in studio.clips()] == ["finished", "cancelled"]


def test_a_truncated_model_fails_the_job_and_the_next_one_runs(
    studio: Studio, request_for: GenerationRequest, tiny_model: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    for item in tiny_model.iterdir():
        (broken / item.name).symlink_to(item)
    (broken / "model.safetensors").unlink()
    (broken / "model.safetensors").write_bytes(
        (tiny_model / "model.safetensors").read_bytes()[:-1000]
    )
    events = run(studio, replace(request_for, model=str(broken)), request_for)
    (failed,) = (event for event in events if isinstance(event, JobFailed))
    assert failed.details == "", failed.details
    assert failed.hint
    assert [clip.state.value for clip in studio.clips()] == ["finished", "failed"]
    assert studio.clips()[1].error == failed.message


def test_reading_what_is_not_there_is_refused(
    studio: Studio, request_for: GenerationRequest
) -> None:
    studio.submit(request_for)
    (clip,) = studio.clips()
    with pytest.raises(LibraryError, match="not finished"):
        studio.read_audio(clip.id)
    studio.run_until_empty(lambda event: None)
    path = studio.clip(clip.id).path
    assert path is not None
    path.unlink()
    with pytest.raises(AudioFileError, match="is gone"):
        studio.read_audio(clip.id)
    with pytest.raises(LibraryError, match="no clip"):
        studio.clip("nonesuch")


def test_models_of_other_families_are_left_out_of_the_list(studio: Studio, data_dir: Path) -> None:
    for name, content in (("other", '{"model_type": "autoencoder"}'), ("broken", "{")):
        folder = data_dir / "models" / name
        folder.mkdir()
        (folder / "model_config.json").write_text(content, encoding="utf-8")
    models, problems = studio.read_models()
    assert {info.id for info in models}.isdisjoint({"other", "broken"})
    assert studio.models() == models
    assert len(problems) == 2
    assert any("broken" in problem.message for problem in problems)
    with pytest.raises(ModelError):
        studio.model("other")


def test_presets_come_through_the_same_door(studio: Studio) -> None:
    studio.save_preset("Mine", {"prompt": "a kick"})
    assert studio.presets()[-1] == "Mine"
    assert studio.load_preset("Mine") == {"prompt": "a kick"}
    assert not studio.is_builtin_preset("Mine")
    assert studio.is_builtin_preset(studio.presets()[0])
    studio.delete_preset("Mine")
    with pytest.raises(PresetError):
        studio.load_preset("Mine")


def test_finished_files_outlive_their_rows(studio: Studio, request_for: GenerationRequest) -> None:
    run(studio, request_for)
    (clip,) = studio.clips()
    studio.remove_clips([clip.id])
    assert studio.clips() == []
    assert clip.path is not None
    assert clip.path.is_file()


def test_what_is_decided_about_takes_goes_through_the_door_and_back(
    studio: Studio, request_for: GenerationRequest
) -> None:
    run(studio, request_for, replace(request_for, prompt="rain"))
    rain, kick = studio.clips()
    studio.rate_clips([rain.id, kick.id], 4)
    studio.judge_clips([kick.id], Verdict.REJECT)
    studio.tag_clips([rain.id], add=["wet", "dry"], remove=["dry"])
    studio.annotate_clip(rain.id, "second half")
    studio.collect_clips([rain.id], "Level 1")
    decided = studio.clip(rain.id)
    assert (decided.stars, decided.tags, decided.notes) == (4, ("dry", "wet"), "second half")
    assert studio.clips() == [decided], "rejected takes are hidden"
    assert studio.clips("wet half") == studio.clips(ClipFilter(collection="level 1")) == [decided]
    assert studio.count_clips() == studio.count_clips("rain") == 1
    assert studio.count_clips(ClipFilter(with_rejected=True)) == 2
    assert (studio.tags(), studio.collections()) == (["dry", "wet"], ["Level 1"])
    assert studio.clip_models() == [request_for.model]
    assert studio.undo_text == "add 1 take to Level 1"
    undone = [studio.undo() for _ in range(5)]
    assert undone[-1] == "rate 2 takes" == studio.redo_text
    assert (studio.undo(), studio.clips()) == (None, [rain, kick])
    for _ in undone:
        studio.redo()
    assert (studio.redo(), studio.clips()) == (None, [decided])


def test_categories_and_edits_go_through_the_door_and_back(
    studio: Studio, request_for: GenerationRequest
) -> None:
    run(studio, replace(request_for, prompt="heavy wooden door"))
    (door,) = studio.clips()
    best = studio.suggest_categories(door.request.prompt)[0]
    assert best.category == studio.ucs.find("DOORWood")
    assert studio.suggest_categories("asdf qwer") == []
    studio.categorise_clips([door.id], " doorwood ")
    studio.edit_clips([door.id], SoundEdit(reverse=True))
    changed = studio.clip(door.id)
    assert (changed.cat_id, changed.edit) == ("DOORWood", SoundEdit(reverse=True))
    assert studio.clips(ClipFilter(cat_id="DOOR")) == studio.clips("doors") == [changed]
    assert studio.clip_categories() == ["DOORWood"]
    with pytest.raises(LibraryError, match="no UCS category 'DOOR'") as caught:
        studio.categorise_clips([door.id], "DOOR")
    assert "DOORAntq" in caught.value.hint
    assert studio.undo() == "edit 1 take"
    assert studio.undo() == "categorise 1 take as DOORWood"
    assert studio.clips() == [door]
    assert studio.redo() == "categorise 1 take as DOORWood"
    studio.categorise_clips([door.id], "")
    assert studio.clips() == [door]


def test_the_chosen_profile_is_there_at_the_next_start(tmp_path: Path) -> None:
    with Studio(tmp_path) as first:
        assert (first.profile, first.is_builtin_profile("game")) == (first.profiles()[0], True)
        mine = first.save_profile(DeliveryProfile("Mine", sample_rate=96_000))
        first.choose_profile("Mine")
    with Studio(tmp_path) as second:
        assert second.profile == second.find_profile("mine") == mine
        second.delete_profile("Mine")
        assert second.profile == second.profiles()[0]


def test_binned_takes_give_their_files_and_do_not_come_back(
    studio: Studio, request_for: GenerationRequest
) -> None:
    run(studio, request_for, request_for)
    first, second = studio.clips()
    studio.rate_clips([first.id, second.id], 3)
    files = studio.bin_clips([first.id])
    assert files == [first.path]
    assert files[0].is_file(), "moving it is for who has a bin"
    assert studio.undo() == "rate 1 take"
    assert studio.undo() is None
    assert studio.clips() == [second]


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_data_folder_that_cannot_be_made_is_refused(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    with pytest.raises(DataFolderError) as caught:
        Studio(tmp_path / place)
    assert "--data-dir" in caught.value.hint
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


def test_a_job_that_only_waits_is_cancelled_at_once(studio: Studio, tiny_model: Path) -> None:
    told: list[JobEvent] = []
    studio.add_listener(told.append)
    request = GenerationRequest("door", model=str(tiny_model), seconds=0.5, count=2)
    job_id = studio.submit(request)
    studio.cancel(job_id)
    assert [type(event) for event in told] == [JobQueued, JobCancelled]
    assert [clip.state for clip in studio.clips()] == [ClipState.CANCELLED] * 2
    events: list[JobEvent] = []
    studio.run_until_empty(events.append)
    assert events == []
