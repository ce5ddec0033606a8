"""How good a model is: meters, an independent judge, gates. numpy and torch; never a loss.

``docs/evaluation.md`` says in words what is measured. Audio is float [channels, samples] at
44.1 kHz unless a function says otherwise.
"""
