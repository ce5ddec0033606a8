"""The window: puts the parts together and lets them know of each other."""

from __future__ import annotations

import atexit
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QSplitter, QVBoxLayout, QWidget

from sa_studio.errors import StudioError
from sa_studio.generation import ModelInfo
from sa_studio.service import Studio
from sa_studio.ui.card_notice import CardNotice
from sa_studio.ui.clip_actions import ClipActions
from sa_studio.ui.clip_model import ClipModel
from sa_studio.ui.delivery_windows import DeliveryWindows
from sa_studio.ui.device_button import DeviceButton
from sa_studio.ui.doctor_dialog import DoctorDialog
from sa_studio.ui.engine_thread import EngineThread
from sa_studio.ui.generate_panel import GeneratePanel
from sa_studio.ui.job_tracker import JobTracker
from sa_studio.ui.key_overlay import KeyOverlay
from sa_studio.ui.last_resort import LastResort
from sa_studio.ui.library_panel import LibraryPanel
from sa_studio.ui.mnemonics import give_captions
from sa_studio.ui.models.models_window import ModelsWindow
from sa_studio.ui.places import Places
from sa_studio.ui.preset_bar import PresetBar
from sa_studio.ui.prompt_history import PromptHistory
from sa_studio.ui.queue_panel import QueuePanel
from sa_studio.ui.recipe_drop import RecipeDrop
from sa_studio.ui.shortcuts import Shortcuts
from sa_studio.ui.take_view import TakeView
from sa_studio.ui.theme import set_theme
from sa_studio.ui.token_watch import TokenWatch
from sa_studio.ui.top_bar import TopBar
from sa_studio.ui.transfers import Outcome, Transfers
from sa_studio.ui.welcome import WelcomeSheet
from sa_studio.ui.window_keys import GESTURES, window_keys
from sa_studio.ui.window_menu import WindowMenu

if TYPE_CHECKING:
    from sa_studio.doctor import Finding

SAVE_DELAY_MS = 800
SIDES = (320, 800, 320)


class MainWindow(QMainWindow):
    """Form on the left, the take in the centre, the library on the right, the queue below.

    Args:
        studio: the application behind it; closing the window closes it, too.
    """

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self.setWindowTitle("SA Studio")
        self.setObjectName("main_window")
        self.resize(1440, 900)
        self.setMinimumSize(1000, 640)
        self.studio = studio
        self._closed = False
        self.last_resort = LastResort(self)
        self.engine = EngineThread(studio, self)
        self.tracker = JobTracker(self)
        self.clips = ClipModel(studio, self)
        self.presets = PresetBar(studio)
        self.transfers = Transfers(self)
        self.models_window: ModelsWindow | None = None
        self.doctor_dialog: DoctorDialog | None = None
        device = DeviceButton(studio.settings.device, studio.settings.dtype)
        menu = WindowMenu(studio.settings.theme, studio.settings.interface_percent)
        self.top_bar = TopBar(self.presets, self.transfers, device, menu)
        self.form = GeneratePanel()
        self.take = TakeView(studio, self.clips)
        self.library = LibraryPanel(studio, self.clips)
        self.queue = QueuePanel(studio, self.tracker)
        self.tokens = TokenWatch(studio, self.form, self)
        self.prompts = PromptHistory(studio, self.form.prompt)
        self.form.boxes["prompt"].add_button(self.prompts.button)
        self.form.sounds.set_examples(studio.example_prompts())
        self.actions_ = ClipActions(studio, self.library, self)
        self.recipes = RecipeDrop(studio, self)
        self.delivery = DeliveryWindows(studio, self.engine, self)
        self.card_notice = CardNotice(studio.settings.card_notice)
        self.welcome = WelcomeSheet(self.take)
        self.key_overlay = KeyOverlay(self)
        self._save_delay = QTimer(self)
        self._save_delay.setSingleShot(True)
        self._save_delay.setInterval(SAVE_DELAY_MS)
        self._places = Places(studio.data.root / "window.ini", self)
        self._lay_out()
        self._connect()
        self.shortcuts = Shortcuts(self, window_keys(self), GESTURES)
        self.key_overlay.set_shortcuts(self.shortcuts)
        self._restore()
        self.recipes.watch()
        self.form.prompt.setFocus()
        self.engine.start()
        self.last_resort.begin()
        # a QThread that is destroyed while it runs aborts the process
        atexit.register(self.shut_down)

    # --- what the user asks for -------------------------------------------------------------
    @Slot()
    def generate(self) -> None:
        """Queue what the form describes, or say beside the fields why that cannot be done."""
        settings = self.studio.settings
        request = self.form.request(device=settings.device, dtype=settings.dtype)
        problems = [*self.form.typing_problems(), *self.studio.problems(request)]
        if problems:
            self.form.show_problems(problems)
            return
        try:
            self.studio.submit(request)
        except StudioError as error:
            self.form.show_problems([error])
            return
        self.save_form()

    @Slot()
    def cancel_current(self) -> None:
        """Cancel the job that runs, or else the one that would run next."""
        if (job := self.tracker.current) is not None:
            self.cancel(job.id)

    @Slot(str)
    def cancel(self, job_id: str) -> None:
        """Cancel a job."""
        self.studio.cancel(job_id)
        self.tracker.mark_cancelling(job_id)

    @Slot()
    def play_or_stop(self) -> None:
        """Space."""
        self.take.player.toggle()

    @Slot()
    def previous_take(self) -> None:
        """Up: the newer take, and play it."""
        self._step(-1)

    @Slot()
    def next_take(self) -> None:
        """Down: the older take, and play it."""
        self._step(1)

    @Slot()
    def show_models(self) -> None:
        """Open the models window, or bring it to the front."""
        if self.models_window is None:
            self.models_window = ModelsWindow(self.studio, self.transfers, self)
            self.models_window.use_requested.connect(self._use_model)
            self._places.restore(self.models_window)
        self.models_window.open()

    @Slot()
    def show_doctor(self) -> None:
        """Open the doctor's window, or bring it to the front."""
        if self.doctor_dialog is None:
            self.doctor_dialog = DoctorDialog(self._examine, self)
            self._places.restore(self.doctor_dialog)
        self.doctor_dialog.open()

    @Slot()
    def export(self) -> None:
        """Ctrl+E: the selected takes into a folder."""
        self.delivery.show_export(self.library.finished_ids())

    @Slot()
    def _stop_sheet(self) -> None:
        current = self.tracker.current
        self.delivery.sheet_run.stop(current.id if current is not None else None)

    @Slot(str)
    def choose_theme(self, theme: str) -> None:
        """Show everything in another theme, now and from now on."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        set_theme(app, theme)
        self.studio.settings.theme = theme
        self.save_form()

    @Slot(int)
    def choose_interface_size(self, percent: int) -> None:
        """Draw everything larger or smaller from the next start."""
        self.studio.settings.interface_percent = percent
        self.save_form()
        self._say(f"The size is {percent} % when SA Studio starts next", "quiet")

    @Slot()
    def show_welcome(self) -> None:
        """Lay the welcome over the centre."""
        models = self.studio.models()
        self.welcome.set_examples(models[0].example_prompts if models else ())
        self.welcome.cover()

    @Slot()
    def end_welcome(self) -> None:
        """Put the welcome away for good; the menu brings it back."""
        self.welcome.hide()
        self.studio.settings.welcomed = True

    @Slot(str)
    def _try_example(self, prompt: str) -> None:
        """Make a first sound: with the starter, whose example it is."""
        self.top_bar.choose(self.studio.models()[0].id)
        self.form.set_fields({"prompt": prompt})
        self.generate()

    def _examine(self) -> list[Finding]:
        """Runs on the doctor's thread."""
        # here, for what it looks at is slow to import
        from sa_studio.doctor import examine

        return examine(studio=self.studio)

    def _step(self, rows: int) -> None:
        if self.library.step(rows):
            self.take.play_when_loaded()

    # --- what happens -----------------------------------------------------------------------
    @Slot(str)
    def _job_queued(self, job_id: str) -> None:
        """Show its first take if nothing else is looked at, and let the lock know its seed."""
        self.end_welcome()
        if self.take.clip is None:
            self.library.select_job(job_id)
        first = self.clips.first_of_job(job_id)
        if first is not None and first.request.seed is not None:
            self.form.seed.remember(first.request.seed)

    @Slot(str, str)
    def _device_chosen(self, device: str, dtype: str) -> None:
        """Keep the choice; it counts from the next take that is queued."""
        self.studio.settings.device, self.studio.settings.dtype = device, dtype
        self.save_form()

    @Slot(str)
    def _put_card_notice_away(self, line: str) -> None:
        self.studio.settings.card_notice = line
        self.save_form()

    @Slot(object)
    def _model_chosen(self, model: ModelInfo) -> None:
        self.form.set_model(model)

    @Slot(str)
    def _use_model(self, model_id: str) -> None:
        if not self.top_bar.choose(model_id):
            self._offer_models()  # another program has installed it
            if not self.top_bar.choose(model_id):
                return
        self.activateWindow()

    @Slot(object)
    def _transfer_ended(self, outcome: Outcome) -> None:
        """Offer the models that are here now; the form and what runs stay as they are."""
        self._offer_models()
        told = self.models_window is not None and self.models_window.isVisible()
        if outcome.error is not None and not outcome.was_cancelled and not told:
            self._say(outcome.error.one_line(), "error")

    def _offer_models(self) -> None:
        self.form.advanced.loras.set_available([lora.name for lora in self.studio.shelf.loras()])
        models = self.studio.models()
        had_none = self.top_bar.model_combo.currentIndex() < 0
        self.top_bar.set_models(models)
        if not models:
            self.form.set_no_model()
        elif had_none:
            self.top_bar.choose(models[0].id)

    @Slot(object)
    def _use_fields(self, fields: dict[str, Any]) -> None:
        """Fill the form from a take or a preset."""
        model = fields.get("model")
        if isinstance(model, str) and not self.top_bar.choose(model):
            self._say(f"The model “{model}” is not installed; the others are used", "warning")
        self.form.set_fields(fields)

    @Slot(object)
    def _show_problem(self, error: StudioError) -> None:
        self._say(error.one_line(), "error")

    @Slot(str, str)
    def _say(self, text: str, role: str) -> None:
        self.form.status.say(text, role)

    @Slot()
    def _save_preset(self) -> None:
        self.presets.ask_and_save({**self.form.fields(), "model": self.form.model_id})

    # --- building ---------------------------------------------------------------------------
    def _lay_out(self) -> None:
        self.columns = QSplitter(Qt.Orientation.Horizontal)
        self.columns.setObjectName("columns")
        self.columns.setChildrenCollapsible(False)
        for part in (self.form, self.take, self.library):
            self.columns.addWidget(part)
        self.form.setMaximumWidth(460)
        self.take.setMinimumWidth(420)
        self.library.setMinimumWidth(250)
        self.columns.setSizes(list(SIDES))
        self.columns.setStretchFactor(0, 0)
        self.columns.setStretchFactor(1, 1)
        self.columns.setStretchFactor(2, 0)
        self.columns.setHandleWidth(1)
        self.rows = QSplitter(Qt.Orientation.Vertical)
        self.rows.setObjectName("rows")
        self.rows.setChildrenCollapsible(False)
        self.rows.setHandleWidth(1)
        self.rows.addWidget(self.columns)
        self.rows.addWidget(self.queue)
        self.rows.setStretchFactor(0, 1)
        self.rows.setStretchFactor(1, 0)
        self.rows.setSizes([self.height(), 0])  # the queue as low as it can be
        central = QWidget()
        layout = QVBoxLayout(central)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.top_bar)
        layout.addWidget(self.card_notice)
        layout.addWidget(self.recipes.question)
        layout.addWidget(self.rows, 1)
        self.setCentralWidget(central)
        give_captions(self)
        self.setTabOrder(self.top_bar.menu, self.prompts.button)  # it stands above the prompt

    def _connect(self) -> None:
        self.studio.add_listener(self.engine.job_event.emit)
        # each looks up what those before it have taken in: the library the details of a failure,
        # the jobs the rows of the library
        for part in (self.take, self.clips.running, self.tracker, self.top_bar):
            self.engine.job_event.connect(part.on_event)
        self.engine.job_event.connect(self.prompts.on_event)
        self.prompts.problem.connect(self._show_problem)
        self.last_resort.problem.connect(self._show_problem)
        self.tracker.added.connect(self._job_queued)
        self.card_notice.dismissed.connect(self._put_card_notice_away)
        self.form.status.watch(self.tracker)
        self.form.generate_requested.connect(self.generate)
        self.form.status.cancel_requested.connect(self.cancel_current)
        self.form.edited.connect(self._save_delay.start)
        self.library.filters.changed.connect(self._save_delay.start)
        self._save_delay.timeout.connect(self.save_form)
        self.queue.cancel_requested.connect(self.cancel)
        self.queue.problem.connect(self._show_problem)
        self.top_bar.model_chosen.connect(self._model_chosen)
        self.top_bar.device.chosen.connect(self._device_chosen)
        self.top_bar.models_requested.connect(self.show_models)
        self.top_bar.doctor_requested.connect(self.show_doctor)
        self.top_bar.menu.theme_chosen.connect(self.choose_theme)
        self.top_bar.menu.size_chosen.connect(self.choose_interface_size)
        self.top_bar.menu.keys_requested.connect(self.key_overlay.toggle)
        self.top_bar.menu.welcome_requested.connect(self.show_welcome)
        self.top_bar.menu.export_requested.connect(self.export)
        self.top_bar.menu.sheet_requested.connect(self.delivery.show_sheet)
        self.top_bar.menu.recipe_requested.connect(self.recipes.choose)
        self.take.player.delivery.edit_requested.connect(self.delivery.show_profiles)
        self.take.player.delivery.export_requested.connect(self.export)
        self.take.player.delivery.sheet_requested.connect(self.delivery.show_sheet)
        self.delivery.profiles_changed.connect(self.take.player.delivery.take_profiles)
        self.delivery.message.connect(self._say)
        self.delivery.stop_requested.connect(self._stop_sheet)
        self.actions_.export_requested.connect(self.export)
        self.recipes.fields_chosen.connect(self._use_fields)
        self.recipes.models_requested.connect(self.show_models)
        self.recipes.sheet_dropped.connect(self.delivery.open_sheet)
        self.recipes.message.connect(self._say)
        self.welcome.prompt_chosen.connect(self._try_example)
        self.welcome.models_requested.connect(self.show_models)
        self.welcome.skipped.connect(self.end_welcome)
        self.transfers.ended.connect(self._transfer_ended)
        self.presets.chosen.connect(self._use_fields)
        self.presets.save_requested.connect(self._save_preset)
        self.presets.problem.connect(self._show_problem)
        self.library.clip_selected.connect(self.take.show_clip)
        self.library.play_requested.connect(self.take.player.replay)
        self.library.retry_requested.connect(self.actions_.retry_clip)
        self.take.retry_requested.connect(self.actions_.retry_clip)
        self.take.message.connect(self._say)
        self.take.editing.about_to_keep.connect(self.actions_.decisions.steps.settle)
        self.library.list.out.message.connect(self._say)
        self.actions_.compare_requested.connect(self.take.mark_for_compare)
        self.actions_.fields_chosen.connect(self._use_fields)
        self.actions_.message.connect(self._say)

    # --- between two starts -----------------------------------------------------------------
    def _restore(self) -> None:
        """Models, the form as it was left, and the window's place."""
        models, problems = self.studio.read_models()
        self.top_bar.set_models(models)
        self.form.advanced.loras.set_available([lora.name for lora in self.studio.shelf.loras()])
        for problem in problems:
            self._say(problem.one_line(), "warning")
        fields = dict(self.studio.settings.last_request)
        if models and not self.top_bar.choose(str(fields.get("model", ""))):
            self.top_bar.choose(models[0].id)
        self.form.set_fields(fields)
        self.form.advanced_button.setChecked(self.studio.settings.advanced_shown)
        self.take.editing.button.setChecked(self.studio.settings.edit_shown)
        self._places.restore(self)
        is_new = self.clips.rowCount() == 0
        self.library.filters.restore(self.studio.settings.library_filter)
        if is_new and not self.studio.settings.welcomed:
            self.show_welcome()

    @Slot()
    def save_form(self) -> None:
        """Keep the form for the next start, sent or not, and the filters of the library."""
        settings = self.studio.settings
        request = self.form.request()
        settings.last_request = {**self.form.fields(), "model": request.model}
        settings.seed_locked = request.seed is not None
        settings.advanced_shown = self.form.advanced_button.isChecked()
        settings.edit_shown = self.take.editing.button.isChecked()
        settings.library_filter = self.library.filters.kept()
        try:
            settings.save()
        except StudioError as error:
            self._show_problem(error)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Look for a sound output and an idle graphics card once the window is there."""
        super().showEvent(event)
        if not event.spontaneous():
            QTimer.singleShot(0, self.take.player, self.take.player.look_for_output)
            QTimer.singleShot(0, self.card_notice, self.card_notice.look)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 (Qt's name)
        """Remember everything and end everything."""
        self.shut_down()
        super().closeEvent(event)

    def shut_down(self) -> None:
        """Remember everything; a running job ends after its step, and is waited for."""
        if self._closed:
            return
        self._closed = True
        atexit.unregister(self.shut_down)
        self._save_delay.stop()
        self.save_form()
        for kept in (self, self.models_window, self.doctor_dialog):
            if kept is not None:
                self._places.keep(kept)
        self.hide()  # a long step must not look like a window that hangs
        for window in (self.models_window, self.doctor_dialog):
            if window is not None:
                window.close()
                window.close_threads()
        self.library.keep_notes()
        self.actions_.close_threads()
        self.clips.close_threads()
        self.card_notice.close_threads()
        self.tokens.close_threads()
        self.prompts.close_threads()
        self.transfers.finish()
        self.recipes.close_threads()
        self.delivery.sheet_run.leave()
        self.engine.finish()
        self.delivery.close()
        self.take.close_threads()
        self.library.close_threads()
        self.last_resort.end()
        self.studio.close()
