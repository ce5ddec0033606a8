"""Building blocks of procedural sound. Signals are float64 arrays at 44.1 kHz."""

from __future__ import annotations

import numpy as np
from scipy import signal

RATE = 44100
Array = np.ndarray
Rng = np.random.Generator


def times(seconds: float) -> Array:
    return np.arange(round(seconds * RATE)) / RATE


def decay(t: Array, t60: float, attack: float = 0.0) -> Array:
    """Exponential fall of 60 dB in ``t60`` seconds behind a linear attack."""
    envelope = 10 ** (-3 * np.maximum(t - attack, 0) / t60)
    return envelope * np.clip(t / attack, 0, 1) if attack > 0 else envelope


def sweep(frequency: Array) -> Array:
    """A sine whose frequency in Hz is given for every sample."""
    return np.sin(2 * np.pi * np.cumsum(frequency) / RATE)


def saw(frequency: Array) -> Array:
    """A band-limited sawtooth (polyBLEP)."""
    step = frequency / RATE
    phase = np.cumsum(step) % 1.0
    wave = 2 * phase - 1
    rising, falling = phase < step, phase > 1 - step
    x = phase[rising] / step[rising]
    wave[rising] -= 2 * x - x**2 - 1
    x = (phase[falling] - 1) / step[falling]
    wave[falling] -= x**2 + 2 * x + 1
    return wave


def square(frequency: Array) -> Array:
    return np.tanh(6 * np.sin(2 * np.pi * np.cumsum(frequency) / RATE))


def noise(rng: Rng, count: int) -> Array:
    return rng.standard_normal(count)


def coloured(rng: Rng, count: int, slope: float) -> Array:
    """Noise whose power falls with frequency to the power ``slope`` (0 white, 1 pink, 2 brown)."""
    spectrum = np.fft.rfft(rng.standard_normal(count))
    frequency = np.maximum(np.fft.rfftfreq(count, 1 / RATE), 20)
    out = np.fft.irfft(spectrum * frequency ** (-slope / 2), n=count)
    return out / (np.std(out) + 1e-12)


def _cut(frequency: float) -> float:
    return float(np.clip(frequency, 15, RATE / 2 - 500))


def lowpass(x: Array, frequency: float, order: int = 2) -> Array:
    sos = signal.butter(order, _cut(frequency), "low", fs=RATE, output="sos")
    return signal.sosfilt(sos, x)


def highpass(x: Array, frequency: float, order: int = 2) -> Array:
    sos = signal.butter(order, _cut(frequency), "high", fs=RATE, output="sos")
    return signal.sosfilt(sos, x)


def bandpass(x: Array, low: float, high: float, order: int = 2) -> Array:
    sos = signal.butter(order, (_cut(low), _cut(high)), "band", fs=RATE, output="sos")
    return signal.sosfilt(sos, x)


def slow(rng: Rng, count: int, rate: float) -> Array:
    """A smooth random curve between 0 and 1 that changes about ``rate`` times a second."""
    knots = max(4, int(count / RATE * rate) + 4)
    curve = np.interp(np.linspace(0, knots - 1, count), np.arange(knots), rng.random(knots))
    return lowpass(curve - 0.5, max(rate, 1.0) * 2, 1) + 0.5


def place(out: Array, grain: Array, start: int) -> None:
    """Add ``grain`` to ``out`` from sample ``start`` on, as far as it fits."""
    if 0 <= start < out.shape[-1]:
        piece = grain[..., : out.shape[-1] - start]
        out[..., start : start + piece.shape[-1]] += piece


def filtered_sweep(x: Array, low: Array, high: Array, blocks: int = 64) -> Array:
    """Band-pass ``x`` between edges that move; overlapping blocks."""
    count = x.shape[0]
    size = max(256, count // blocks)
    out = np.zeros(count + 2 * size)
    window = np.hanning(2 * size)
    for start in range(0, count, size):
        middle = min(start + size, count - 1)
        grain = np.zeros(2 * size)
        piece = x[start : start + 2 * size]
        grain[: piece.shape[0]] = piece
        sos = signal.butter(
            2,
            (_cut(low[middle]), _cut(max(high[middle], low[middle] * 1.2))),
            "band",
            fs=RATE,
            output="sos",
        )
        place(out, signal.sosfilt(sos, grain) * window, start)
    return out[:count]


def room(rng: Rng, x: Array, t60: float, amount: float) -> Array:
    """Mono [n] or stereo [2, n] with a diffuse tail, as stereo [2, n]."""
    dry = np.broadcast_to(x, (2, x.shape[-1]))
    if amount == 0:
        return dry.copy()
    t = times(t60)
    impulse = rng.standard_normal((2, t.shape[0])) * decay(t, t60)
    impulse = highpass(lowpass(impulse, 7000, 1), 150, 1)
    impulse /= np.sqrt((impulse**2).sum(axis=-1, keepdims=True))
    wet = signal.fftconvolve(dry, impulse, axes=-1)[:, : x.shape[-1]]
    return dry + amount * wet


def finished(x: Array, fade: float = 0.006) -> Array:
    """Mono [n] or stereo [2, n] as stereo without DC, clicking neither in (1 ms) nor out."""
    x = highpass(np.broadcast_to(x, (2, x.shape[-1])), 18, 1)
    at = np.arange(x.shape[-1]) / RATE
    return x * np.minimum(1, at / 0.001) * np.minimum(1, at[::-1] / fade)


def ended(x: Array) -> Array:
    """The same of a hit, whose attack stays as it is: silent at its end after 20 ms of fade."""
    x = highpass(np.broadcast_to(x, (2, x.shape[-1])), 18, 1)
    fade = min(round(0.02 * RATE), x.shape[-1])
    x[:, x.shape[-1] - fade :] *= np.linspace(1, 0, fade)
    return x


def panned(x: Array, side: float | Array) -> Array:
    """Mono [n] at a place between 0 (left) and 1 (right), at equal power: [2, n]."""
    return np.stack([x * np.cos(np.pi / 2 * side), x * np.sin(np.pi / 2 * side)])


def fm(frequency: Array, ratio: float, index: Array | float) -> Array:
    """A sine whose phase a second sine, ``ratio`` times as high, moves by ``index`` radians."""
    phase = 2 * np.pi * np.cumsum(frequency) / RATE
    return np.sin(phase + index * np.sin(ratio * phase))


def pulse(frequency: Array, duty: float) -> Array:
    """A rectangle with softened edges that is high for ``duty`` of its period."""
    phase = 2 * np.pi * np.cumsum(frequency) / RATE
    return np.tanh(7 * (np.sin(phase) - np.cos(np.pi * duty)))


def moving_band(x: Array, centre: Array, octaves: float) -> Array:
    """``x`` through a band around ``centre`` in Hz per sample, a bell ``octaves`` wide."""
    size, hop = 1024, 256
    count = x.shape[0]
    frames = count // hop + 5
    padded = np.zeros((frames + 4) * hop)
    padded[size : size + count] = x
    grains = np.lib.stride_tricks.sliding_window_view(padded, size)[::hop]
    window = np.sqrt(0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size))
    middle = np.clip(np.arange(grains.shape[0]) * hop - size // 2, 0, count - 1)
    pitch = np.log2(np.maximum(np.fft.rfftfreq(size, 1 / RATE), 20.0))
    distance = (pitch - np.log2(np.maximum(centre[middle], 20.0))[:, None]) / octaves
    spectra = np.fft.rfft(grains * window) * np.exp(-2.8 * distance**2)
    grains = np.fft.irfft(spectra, n=size) * (window / 2)
    out = np.zeros(padded.shape[0])
    for index, grain in enumerate(grains):
        out[index * hop : index * hop + size] += grain
    return out[size : size + count]
