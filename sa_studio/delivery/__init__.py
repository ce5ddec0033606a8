"""What leaves the application: files in a profile, sets, cue sheets, and how they came about."""
