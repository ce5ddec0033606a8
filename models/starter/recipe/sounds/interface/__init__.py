"""Sounds of user interfaces: clicks, chimes, confirmations and refusals."""

from sounds.interface import gestures, messages, touches

CLASSES = (
    *touches.interface.classes,
    *messages.interface.classes,
    *gestures.interface.classes,
)
