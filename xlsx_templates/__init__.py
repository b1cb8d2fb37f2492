"""Declarative forms, one file per legal version, and the list of communes."""
