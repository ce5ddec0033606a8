"""Weather, water, fire and small animals outdoors."""

from sounds.nature import animals, rain, water_and_fire, weather

CLASSES = (
    *rain.nature.classes,
    *weather.nature.classes,
    *water_and_fire.nature.classes,
    *animals.nature.classes,
)
