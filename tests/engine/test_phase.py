"""Waveforms from magnitudes alone."""

import numpy as np
import torch

from sa_studio.engine.phase import FUTURE, PhaseReconstructor, overlap_add

WINDOW, HOP, RATE = 2048, 512, 44100


def tone(frequency: float, seconds: float) -> torch.Tensor:
    t = torch.arange(int(seconds * RATE)) / RATE
    return torch.sin(2 * torch.pi * frequency * t)


def magnitudes(samples: torch.Tensor) -> torch.Tensor:
    pieces = samples.unfold(0, WINDOW, HOP)
    return torch.fft.rfft(pieces * torch.hann_window(WINDOW)).abs()


def reconstruct(wanted: torch.Tensor, piece: int) -> torch.Tensor:
    reconstructor = PhaseReconstructor(WINDOW, iterations=32)
    spectra = [
        reconstructor.spectra(wanted[first : first + piece], wanted[first + piece :])
        for first in range(0, len(wanted), piece)
    ]
    return reconstructor.synthesise(torch.cat(spectra))


def pitch(samples: torch.Tensor) -> float:
    spectrum = np.abs(np.fft.rfft(samples.numpy() * np.hanning(len(samples))))
    return float(spectrum.argmax() * RATE / len(samples))


def test_overlap_add_puts_every_frame_a_hop_later():
    frames = torch.ones(3, 4 * HOP)
    out = overlap_add(frames, HOP)
    assert out.shape == (6 * HOP,)
    assert out[::HOP].tolist() == [1, 2, 3, 3, 2, 1]


def test_analysis_and_synthesis_are_inverse():
    samples = torch.randn(40 * HOP, generator=torch.Generator().manual_seed(1))
    reconstructor = PhaseReconstructor(WINDOW, iterations=0)
    spectra = reconstructor.analyse(samples, 37)
    again = reconstructor.synthesise(spectra)
    # the outermost samples lie under the window's zero
    torch.testing.assert_close(again[HOP:-HOP], samples[HOP:-HOP], atol=1e-4, rtol=0)


def test_a_tone_keeps_its_pitch():
    for frequency in (110.0, 440.0, 3000.0):
        made = reconstruct(magnitudes(tone(frequency, 1.0)), piece=1000)
        assert abs(pitch(made[2048:-2048]) - frequency) < 2.0


def test_pieces_continue_each_other():
    wanted = magnitudes(tone(440.0, 2.0))
    made = reconstruct(wanted, piece=40)
    assert abs(pitch(made[2048:-2048]) - 440) < 1.0
    got = magnitudes(made)
    # no click where pieces meet: the spectra stay those that were asked for
    error = (got - wanted[: len(got)])[8:-8].norm() / wanted[8:-8].norm()
    assert error < 0.15


def test_the_future_is_heeded_only_as_far_as_a_window_reaches():
    wanted = magnitudes(tone(440.0, 1.0))
    short, long = (
        PhaseReconstructor(WINDOW, iterations=4).spectra(wanted[:20], wanted[20:stop])
        for stop in (20 + FUTURE, len(wanted))
    )
    torch.testing.assert_close(short, long, atol=0, rtol=0)


def test_the_same_magnitudes_give_the_same_sound():
    wanted = magnitudes(tone(700.0, 0.5))
    torch.testing.assert_close(reconstruct(wanted, 10), reconstruct(wanted, 10), atol=0, rtol=0)
