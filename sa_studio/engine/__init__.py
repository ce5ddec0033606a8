"""The inference engine: reads a model folder, returns arrays. No Qt, network or database."""
