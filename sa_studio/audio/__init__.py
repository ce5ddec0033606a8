"""Sound files and playback: numpy, soundfile, soxr, sounddevice; neither torch nor Qt."""
