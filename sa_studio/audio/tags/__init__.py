"""Tags of FLAC, OGG, MP3 and AIFF files: the same facts as in the chunks of a WAV file."""
