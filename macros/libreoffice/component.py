"""What LibreOffice loads of the extension: the handler of our menu commands, and the Calc functions.

Runs under LibreOffice's own Python, which may be older than the toolkit needs: nothing newer than Python 3.6 here, and
nothing of ours is imported before somebody presses a button or a cell asks. What is ours lies in ``pythonpath`` beside
this file; LibreOffice puts that folder on ``sys.path``.
"""

import sys

import uno  # noqa: F401  # makes com.sun.star and vn importable
import unohelper
from com.sun.star.awt.MessageBoxType import ERRORBOX
from com.sun.star.frame import XDispatch, XDispatchProvider
from com.sun.star.lang import Locale, XInitialization, XServiceInfo
from com.sun.star.sheet import XAddIn
from vn.tthc import XFunctions

PROTOCOL = "vn.tthc:"
OLDEST = (3, 11)
TOO_OLD = (
    "Lỗi: LibreOffice này dùng Python %d.%d, công cụ Báo cáo xã cần Python 3.11 trở lên. "
    "Sổ của anh chị không thay đổi. Hãy cài bản LibreOffice mới hơn, hoặc gửi dòng này cho người hỗ trợ."
)


def too_old():
    return TOO_OLD % sys.version_info[:2] if sys.version_info[:2] < OLDEST else ""


class Service(unohelper.Base, XServiceInfo):
    """What LibreOffice asks of either."""

    def getImplementationName(self):
        return self.NAME

    def supportsService(self, name):
        return name in self.SERVICES

    def getSupportedServiceNames(self):
        return self.SERVICES


class Buttons(Service, XInitialization, XDispatchProvider, XDispatch):
    """Runs vn.tthc:BUTTON in the window where it was pressed."""

    NAME = "vn.tthc.Buttons"
    SERVICES = ("com.sun.star.frame.ProtocolHandler",)

    def __init__(self, context, *arguments):
        self.context = context
        self.frame = arguments[0] if arguments else None

    def initialize(self, arguments):
        self.frame = arguments[0]

    def queryDispatch(self, url, target, flags):
        return self if url.Complete.startswith(PROTOCOL) else None

    def queryDispatches(self, requests):
        return tuple(self.queryDispatch(r.FeatureURL, r.FrameName, r.SearchFlags) for r in requests)

    def dispatch(self, url, arguments):
        if too_old():
            window = self.frame.ContainerWindow
            window.Toolkit.createMessageBox(window, ERRORBOX, 1, "Báo cáo xã", too_old()).execute()
            return
        from macros.office import press

        press(self.context, self.frame, url.Complete[len(PROTOCOL) :])

    def addStatusListener(self, listener, url):
        pass

    def removeStatusListener(self, listener, url):
        pass


class Functions(Service, XFunctions, XAddIn):
    """The Calc functions; each method of XFunctions is one, found by its name when it is called."""

    NAME = "vn.tthc.Functions"
    SERVICES = ("com.sun.star.sheet.AddIn", NAME)

    def __init__(self, context, *arguments):
        self.context = context
        self.locale = Locale("vi", "VN", "")

    def __getattr__(self, name):
        if name.startswith("xa"):
            return lambda *cells: self.call(name, cells)
        raise AttributeError(name)

    def call(self, name, cells):
        if too_old():
            return ((too_old(),),)
        if _table().gives_days(name):
            from macros.calc_dates import show_soon

            show_soon(self.context)
        return _table().call(name, cells)

    def getProgrammaticFuntionName(self, shown):  # so it is spelt in the API
        return _table().method(shown)

    def getDisplayFunctionName(self, method):
        return _table().function(method).name

    def getFunctionDescription(self, method):
        return _table().function(method).help

    def getDisplayArgumentName(self, method, number):
        return _table().function(method).arguments[number].name

    def getArgumentDescription(self, method, number):
        return _table().function(method).arguments[number].help

    def getProgrammaticCategoryName(self, method):
        return "Add-In"

    def getDisplayCategoryName(self, method):
        return "Add-In"

    def setLocale(self, locale):
        self.locale = locale

    def getLocale(self):
        return self.locale

    def getServiceName(self):
        return self.NAME


def _table():
    from macros import calc_functions

    return calc_functions


g_ImplementationHelper = unohelper.ImplementationHelper()
for _class in (Buttons, Functions):
    g_ImplementationHelper.addImplementation(_class, _class.NAME, _class.SERVICES)
