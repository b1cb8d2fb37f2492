"""Hypothesis for every test: no time limit per example (machines are shared), the same examples in each run."""

from hypothesis import settings

settings.register_profile("tthc", deadline=None, derandomize=True)
settings.load_profile("tthc")
