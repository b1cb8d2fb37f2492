"""Hypothesis for every test: no time limit per example (machines are shared), the same examples in each run.

Helpers that assert for several modules say as much as a test when they fail.
"""

import pytest
from hypothesis import settings

pytest.register_assert_rewrite("import_runs", "merge_folders", "result_books")

settings.register_profile("tthc", deadline=None, derandomize=True)
settings.load_profile("tthc")
