"""The hand at the mouse: runs under LibreOffice's Python with a screen, in a folder that ``walk.py`` prepared.

    DISPLAY=:N python3 drive.py FOLDER      a PNG for each step in FOLDER

Every button of the toolbar and of a box is clicked with the mouse (xdotool) at the place where LibreOffice says that it
stands. Through UNO only: which sheet is in front for the pictures of "Kết quả kiểm tra" and "Hồ sơ", the size of the
window, and looking at cells. The workbook is opened by the command line.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import uno
from com.sun.star.connection import NoConnectException

TOOLBAR = "private:resource/toolbar/addon_vn.tthc.toolbar"
PATIENCE = 40  # seconds for anything to appear


def main(folder):
    pipe = f"walk{os.getpid()}"
    accept = f"--accept=pipe,name={pipe};urp;StarOffice.ComponentContext"
    profile = f"-env:UserInstallation={(folder / 'lo').as_uri()}"
    window_manager = start(["openbox"]) if shutil.which("openbox") else None
    office = start(["soffice", profile, "--norestore", "--nologo", accept, str(folder / "bao_cao_van_tuong.xlsx")])
    try:
        Walk(folder, connect(pipe)).go()
    finally:
        for process in (office, window_manager):
            if process is not None and process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for _ in range(40):
            if office.poll() is not None:
                break
            time.sleep(0.25)
        else:
            os.killpg(office.pid, signal.SIGKILL)


class Walk:
    def __init__(self, folder, context):
        self.folder, self.context, self.step = folder, context, 0
        service = context.ServiceManager.createInstanceWithContext
        self.desktop = service("com.sun.star.frame.Desktop", context)
        self.toolkit = service("com.sun.star.awt.Toolkit", context)
        self.document = wait_for(self.opened)
        self.frame = self.document.CurrentController.Frame

    def go(self):
        self.frame.ContainerWindow.setPosSize(0, 0, 1366, 768, 15)
        time.sleep(3)
        self.picture("mo_so")
        window = self.frame.ContainerWindow.AccessibleContext
        click(wait_for(lambda: named(window, "Báo cáo xã")))
        self.picture("menu", a_step=False)
        subprocess.run(["xdotool", "key", "Escape", "sleep", "0.3", "key", "Escape"], check=True)

        self.press("Kiểm tra số liệu")
        wait_for(self.box)
        self.picture("kiem_tra")
        self.answer("OK")
        assert self.titles()[-2:] == ["Kết quả kiểm tra", "Nhật ký chỉnh sửa"], self.titles()

        self.show("Kết quả kiểm tra")
        self.picture("danh_sach_loi")

        self.go_to_proposal()
        self.picture("toi_o_sai")
        cell = self.document.CurrentController.Selection
        before = cell.Formula

        self.press("Gợi ý sửa")
        wait_for(self.box)
        self.picture("goi_y_sua")
        self.answer("Yes")
        wait_for(self.box)
        self.picture("da_ghi")
        self.answer("OK")
        after = cell.Formula
        assert before != after, (before, after)
        print(f"{cell.AbsoluteName}: {before} -> {after}")

        self.press("Kiểm tra số liệu")
        wait_for(self.box)
        self.picture("kiem_tra_lai")
        self.answer("OK")

        plain = self.colours("Hồ sơ")
        self.press("Tô hồ sơ quá hạn")
        wait_for(self.box)
        self.show("Hồ sơ")
        self.picture("to_qua_han")
        self.answer("OK")
        painted = self.colours("Hồ sơ")
        assert painted != plain, "no dossier was painted"

        self.press("Hoàn tác lần chạy trước")
        wait_for(self.box)
        self.picture("hoan_tac")
        self.answer("OK")
        assert self.colours("Hồ sơ") == plain

    def go_to_proposal(self):
        """ "Tới lỗi kế tiếp" until the proposal's own cell."""
        for _ in range(12):
            self.press("Tới lỗi kế tiếp")
            time.sleep(0.7)
            if self.proposed():
                return
        raise SystemExit("no cell with a proposal among the first findings")

    def proposed(self):
        """Whether the list proposes something for the selected cell."""
        listed = self.document.Sheets.getByName("Kết quả kiểm tra")
        cursor = listed.createCursor()
        cursor.gotoEndOfUsedArea(False)
        rows = listed.getCellRangeByPosition(0, 0, 12, cursor.RangeAddress.EndRow).getDataArray()
        here = self.document.CurrentController
        sheet, cell = here.ActiveSheet.Name, here.Selection.AbsoluteName.rpartition(".")[2].replace("$", "")
        return any(row[1] == sheet and row[2] == cell and row[8] for row in rows)

    def press(self, label):
        bar = wait_for(lambda: self.frame.LayoutManager.getElement(TOOLBAR))
        button = wait_for(lambda: named(bar.RealInterface.AccessibleContext, label))
        click(button)
        time.sleep(0.5)

    def box(self):
        """The message box that is open."""
        for n in range(self.toolkit.getTopWindowCount()):
            window = self.toolkit.getTopWindow(n)
            context = window.AccessibleContext
            if context is not None and context.AccessibleName.startswith("Báo cáo xã"):
                return context
        return None

    def answer(self, label):
        click(wait_for(lambda: named(self.box(), label)))
        time.sleep(1.5)

    def picture(self, name, a_step=True):
        """The whole screen, once it stands still. The name of a step begins with its number."""
        self.step += a_step
        name = f"{self.step}_{name}" if a_step else name
        time.sleep(1.2)
        subprocess.run(["import", "-window", "root", str(self.folder / f"{name}.png")], check=True)

    def opened(self):
        component = self.desktop.getCurrentComponent()
        return component if component is not None and hasattr(component, "Sheets") else None

    def titles(self):
        return list(self.document.Sheets.ElementNames)

    def show(self, title):
        self.document.CurrentController.setActiveSheet(self.document.Sheets.getByName(title))

    def colours(self, title):
        """Place and colour of the painted cells."""
        cells = self.document.Sheets.getByName(title).getCellRangeByName("A1:P40")
        return {
            (r, c): colour
            for r in range(40)
            for c in range(16)
            if (colour := cells.getCellByPosition(c, r).CellBackColor) != -1
        }


def named(context, label):
    """The accessible child of that name, however deep; boxes are small."""
    if context is None:
        return None
    for n in range(context.getAccessibleChildCount()):
        child = context.getAccessibleChild(n).AccessibleContext
        if child.AccessibleName.replace("~", "") == label and showing(child):
            return child
        found = named(child, label) if child.getAccessibleChildCount() < 60 else None
        if found is not None:
            return found
    return None


def showing(context):
    states = context.AccessibleStateSet
    return 25 in states.getStates() if hasattr(states, "getStates") else bool(states & (1 << 24))


def click(context):
    at, size = context.getLocationOnScreen(), context.getSize()
    x, y = at.X + size.Width // 2, at.Y + size.Height // 2
    subprocess.run(["xdotool", "mousemove", str(x), str(y), "sleep", "0.3", "click", "1"], check=True)


def wait_for(ask):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = ask()
        if found is not None and found is not False:
            return found
        time.sleep(0.25)
    raise SystemExit(f"nothing came of {ask}")


def connect(pipe):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)

    def answer():
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            return None

    return wait_for(answer)


def start(command):
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, stdout=quiet, stderr=quiet, start_new_session=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
