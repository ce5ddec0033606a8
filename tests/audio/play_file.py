"""Play a WAV file to its end with the application's player; prints what it reports.

Arguments: the file, the volume, and a device if it is not to be the default.
"""

import json
import sys
import time
from pathlib import Path

from sa_studio.audio.files import read_audio
from sa_studio.audio.playback import Player

audio, rate = read_audio(Path(sys.argv[1]))
player = Player()
player.volume = float(sys.argv[2])
player.device = sys.argv[3]
player.play(audio, rate)
positions = []
deadline = time.monotonic() + 20
while player.is_playing and time.monotonic() < deadline:
    positions.append(player.position)
    time.sleep(0.02)
report = {
    "positions": positions,
    "problem": player.problem,
    "missing_device": player.missing_device,
}
json.dump(report, sys.stdout)
player.close()
