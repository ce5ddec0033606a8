"""WAV files: one chunk a module, a writer and a reader that know them all."""
