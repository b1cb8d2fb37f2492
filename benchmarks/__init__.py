"""Measurements and the registers they need; no part of the installed product."""
