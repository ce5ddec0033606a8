"""Turns a checkout into what a sound designer installs; build_installer.py is its door."""
