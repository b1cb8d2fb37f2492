"""Runs under the system's Python (which has ``uno``), not under ours: opens an add-in in LibreOffice and calls its VBA.

    python3 press_in_office.py ADDIN PROFILE CELL SUB...      JSON on standard output: {SUB: text of CELL afterwards}

A Sub is "Project.Module.Name"; where CELL stays empty, what a function returns. CELL is emptied before
each call.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException


def main(addin: str, profile: str, cell: str, *subs: str) -> dict[str, object]:
    pipe = f"press{os.getpid()}"
    accept = f"--accept=pipe,name={pipe};urp;StarOffice.ComponentContext"
    profile_uri = Path(profile).absolute().as_uri()
    command = ["soffice", f"-env:UserInstallation={profile_uri}", "--headless", "--norestore", "--nologo", accept]
    quiet = subprocess.DEVNULL
    office = subprocess.Popen(command, stdout=quiet, stderr=quiet, start_new_session=True)
    try:
        desktop = connect(pipe)
        options = (
            PropertyValue("FilterName", 0, "Calc MS Excel 2007 VBA XML", 0),
            PropertyValue("MacroExecutionMode", 0, 4, 0),
            PropertyValue("Hidden", 0, True, 0),
        )
        document = desktop.loadComponentFromURL(Path(addin).absolute().as_uri(), "_blank", 0, options)
        recorded = {sub: call(document, sub, cell) for sub in subs}
        document.close(True)
        desktop.terminate()
        office.wait(timeout=60)
        return recorded
    finally:
        if office.poll() is None:
            os.killpg(office.pid, signal.SIGKILL)  # the launcher and what it started


def connect(pipe: str) -> object:
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(240):
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        except NoConnectException:
            time.sleep(0.25)
    raise SystemExit("LibreOffice does not answer")


def call(document: object, sub: str, cell: str) -> object:
    target = document.Sheets.getByIndex(0).getCellRangeByName(cell)
    target.String = ""
    uri = f"vnd.sun.star.script:{sub}?language=Basic&location=document"
    script = document.getScriptProvider().getScript(uri)
    control = (document,) if ".Press_" in sub else ()  # any object: a null one stops LibreOffice without a word
    value, _, _ = script.invoke(control, (), ())
    return target.String or value


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*sys.argv[1:])))
