"""What was made and what was saved: history and presets."""
