"""SA Studio: type a prompt, press Generate, hear it, drag it into a DAW."""

__version__ = "0.1.0"
