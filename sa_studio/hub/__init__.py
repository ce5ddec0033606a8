"""Where models come from and what is installed."""
