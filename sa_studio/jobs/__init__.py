"""Jobs: the queue, the runner that carries them out, the cache of loaded models."""
