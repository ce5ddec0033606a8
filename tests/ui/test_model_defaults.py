"""The form follows the model: its defaults, its bounds, what it has no use for."""

from __future__ import annotations

from pathlib import Path

import pytest

from sa_studio.ui.main_window import MainWindow
from tests.tiny_model import make_tiny_model
from tests.ui.conftest import Driver

LONG = {"steps": 100, "guidance_scale": 7.0, "sampler": "dpmpp-3m-sde", "seconds": 2.5}
SMALL = {"steps": 8, "sampler": "pingpong", "seconds": 0.9}


@pytest.fixture
def window(open_window, data_dir: Path) -> MainWindow:
    """The window with two more models: one like the official large one, one like the small."""
    models = data_dir / "models"
    make_tiny_model(models / "long", seconds=3.0, studio={"title": "Long", "defaults": LONG})
    make_tiny_model(
        models / "small", objective="rf_denoiser", seconds=1.0,
        studio={"title": "Small", "defaults": SMALL},
    )  # fmt: skip
    return open_window()


def choose(window: MainWindow, model: str) -> None:
    assert window.top_bar.choose(model)


def test_another_models_defaults_show(window: MainWindow) -> None:
    choose(window, "long")
    fields = window.form.fields()
    assert {name: fields[name] for name in LONG} == LONG
    assert (fields["sigma_min"], fields["sigma_max"], fields["rho"]) == (0.3, 500, 1)
    choose(window, "small")
    fields = window.form.fields()
    assert {name: fields[name] for name in SMALL} == SMALL
    assert fields["guidance_scale"] == 1


def test_what_the_user_has_set_stays(window: MainWindow) -> None:
    choose(window, "long")
    window.form.advanced.steps.setValue(40)
    window.form.advanced.rescale.setValue(0.5)
    window.form.duration.spin.setValue(0.5)
    choose(window, "small")
    fields = window.form.fields()
    assert (fields["steps"], fields["guidance_rescale"], fields["seconds"]) == (40, 0.5, 0.5)
    assert (fields["guidance_scale"], fields["sampler"]) == (1, "pingpong")
    choose(window, "long")
    fields = window.form.fields()
    assert (fields["steps"], fields["guidance_scale"]) == (40, 7)
    assert fields["sampler"] == "dpmpp-3m-sde"


def test_what_the_next_model_cannot_do_gives_way_to_its_default(window: MainWindow) -> None:
    choose(window, "long")
    advanced = window.form.advanced
    advanced.sampler.setCurrentText("dpmpp-2m")
    advanced.init_noise.setValue(20)
    window.form.duration.spin.setValue(2.9)
    choose(window, "small")
    assert advanced.sampler.currentText() == "pingpong"
    assert not advanced.init_noise.refused
    assert advanced.init_noise.value() <= 1
    assert window.form.duration.seconds() == window.form.duration.maximum() == 1.0
    assert window.form.boxes["seconds"].note.text() == "of 1.0 s"


def test_the_noise_schedule_is_there_for_models_that_have_one(window: MainWindow) -> None:
    window.form.advanced_button.setChecked(True)
    boxes = window.form.advanced.boxes
    for name in ("sigma_min", "sigma_max", "rho"):
        choose(window, "long")
        assert boxes[name].isVisible()
        choose(window, "small")
        assert not boxes[name].isVisible()
        assert window.form.fields()[name] is None


def test_the_schedule_reaches_the_request_and_comes_back_with_a_take(
    window: MainWindow, wait
) -> None:
    driver = Driver(window, wait)
    choose(window, "long")
    driver.generate(sigma_min=0.5, sigma_max=80, rho=3, guidance_rescale=0.25)
    driver.wait_until_idle()
    request = driver.clips()[0].request
    schedule = (request.sigma_min, request.sigma_max, request.rho, request.guidance_rescale)
    assert schedule == (0.5, 80, 3, 0.25)
    window.form.set_fields({"sigma_min": 0.3, "sigma_max": 500, "rho": 1, "guidance_rescale": 0})
    window.library.select(driver.clips()[0].id)
    window.actions_.use_all_settings()
    fields = window.form.fields()
    names = ("sigma_min", "sigma_max", "rho", "guidance_rescale")
    assert tuple(fields[name] for name in names) == schedule


def test_a_hidden_field_stops_nothing(window: MainWindow) -> None:
    choose(window, "long")
    window.form.advanced.sigma_min.lineEdit().setText("nonsense")
    assert window.form.typing_problems()
    choose(window, "small")
    assert window.form.typing_problems() == []


def test_folding_out_the_advanced_part_brings_it_into_view(window: MainWindow, wait) -> None:
    window.resize(1280, 720)
    form = window.form
    form.advanced_button.click()
    scroll = form._scroll
    wait(lambda: scroll.verticalScrollBar().value() > 0)
    steps = form.advanced.steps
    place = steps.mapTo(scroll.viewport(), steps.rect().bottomLeft())
    assert scroll.viewport().rect().contains(place)
