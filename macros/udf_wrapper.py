"""The VBA module that makes ``macros.udfs`` worksheet functions, written when the add-in is built.

xlwings writes it inside Excel ("Import Functions"), which needs trust in the VBA project that no official should have
to give. Its generator runs here as well, in a process of its own: it needs decorators that only Windows switches on
and four modules of Windows that it imports and, for writing text, never uses.

    python -m macros.udf_wrapper macros.udfs      the module on standard output
"""

from __future__ import annotations

import importlib
import importlib.util
import io
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

MODULE = "macros.udfs"
NO_ANSWER = "MSG FUNCTION"
"""Key, in the settings sheet of the add-in, of what a cell shows when Python cannot be asked."""


def vba_source(module: str = MODULE) -> str:
    """Source of the VBA module ``xlwings_udfs``; "" when there is no such Python module.

    Raises RuntimeError, with what Python said, when the module cannot be loaded.
    """
    if importlib.util.find_spec(module) is None:
        return ""
    command = [sys.executable, "-X", "utf8", "-B", "-m", "macros.udf_wrapper", module]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout


def main(module: str) -> str:
    """Patches xlwings in this process and writes the module."""
    if importlib.util.find_spec("pythoncom") is None:
        for name, content in _WINDOWS.items():
            sys.modules[name] = types.ModuleType(name)
            vars(sys.modules[name]).update(content)
    xlwings: Any = importlib.import_module("xlwings")
    udfs: Any = importlib.import_module("xlwings.udfs")
    # What the decorators are on Windows; elsewhere they do nothing.
    xlwings.func, xlwings.sub, xlwings.script = udfs.xlfunc, udfs.xlsub, udfs.xlsub
    xlwings.arg, xlwings.ret = udfs.xlarg, udfs.xlret
    text = io.StringIO()
    text.write('Attribute VB_Name = "xlwings_udfs"\n#Const App = "Microsoft Excel"\n')
    udfs.generate_vba_wrapper(module, importlib.import_module(module), text, _ThisWorkbook())
    # What VBA calls an error is English, or a traceback; a cell shows a sentence of ours.
    return text.getvalue().replace(" = Err.Description", f' = GetConfig("{NO_ANSWER}")')


class _ThisWorkbook:
    """xlwings would hand the open workbook to each call in an add-in, and look in it for Python code. Under another
    name it hands over the add-in."""

    Name = "tthc.xlsm"


_ROOT = Path(__file__).parent.parent
_WINDOWS: dict[str, dict[str, object]] = {
    "pythoncom": {"CoInitialize": lambda: None, "IID_IDispatch": None},
    "pywintypes": {"com_error": type("com_error", (Exception,), {})},
    "win32com": {},
    "win32com.client": {"Dispatch": lambda *_, **__: None},
}

if __name__ == "__main__":
    sys.stdout.write(main(sys.argv[1]))
