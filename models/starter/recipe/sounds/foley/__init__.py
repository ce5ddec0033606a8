"""Things that people do and touch, and the noises of recording and transmission."""

from sounds.foley import doors, footsteps, impacts, media, noises

CLASSES = (
    *footsteps.foley.classes,
    *doors.foley.classes,
    *impacts.foley.classes,
    *media.foley.classes,
    *noises.foley.classes,
)
