"""Play a WAV file to its end with the application's player; prints what it reports."""

import json
import sys
import time
from pathlib import Path

from sa_studio.audio.files import read_audio
from sa_studio.audio.playback import Player

audio, rate = read_audio(Path(sys.argv[1]))
player = Player()
player.volume = float(sys.argv[2])
player.play(audio, rate)
positions = []
deadline = time.monotonic() + 20
while player.is_playing and time.monotonic() < deadline:
    positions.append(player.position)
    time.sleep(0.02)
json.dump({"positions": positions, "problem": player.problem}, sys.stdout)
player.close()
