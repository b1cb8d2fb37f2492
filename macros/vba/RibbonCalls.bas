Attribute VB_Name = "RibbonCalls"
Option Explicit

' One Sub for each button of macros/buttons.py: its id in Python is all that it knows. A test compares the two.
' Plain ASCII: labels stand in the ribbon, messages in the settings sheet or in Python.

Public Sub Press_btnTaoMau(ByVal control As IRibbonControl)
    If Ready() Then RunPython "import macros.ribbon as r; r.press('btnTaoMau')"
End Sub

Public Sub Press_btnDienCongThuc(ByVal control As IRibbonControl)
    If Ready() Then RunPython "import macros.ribbon as r; r.press('btnDienCongThuc')"
End Sub

Public Sub Press_btnDien0(ByVal control As IRibbonControl)
    If Ready() Then RunPython "import macros.ribbon as r; r.press('btnDien0')"
End Sub

Public Sub Press_btnNhapHoSo(ByVal control As IRibbonControl)
    If Ready() Then RunPython "import macros.ribbon as r; r.press('btnNhapHoSo')"
End Sub

Public Sub Press_btnKiemTra(ByVal control As IRibbonControl)
    If Ready() Then RunPython "import macros.ribbon as r; r.press('btnKiemTra')"
End Sub

Public Sub Press_btnLoiSau(ByVal control As IRibbonControl)
    If Ready() Then RunPython "import macros.ribbon as r; r.press('btnLoiSau')"
End Sub

Public Sub Press_btnLoiTruoc(ByVal control As IRibbonControl)
    If Ready() Then RunPython "import macros.ribbon as r; r.press('btnLoiTruoc')"
End Sub

Public Sub Press_btnGoiYSua(ByVal control As IRibbonControl)
    If Ready() Then RunPython "import macros.ribbon as r; r.press('btnGoiYSua')"
End Sub

Public Sub Press_btnXoaDanhDau(ByVal control As IRibbonControl)
    If Ready() Then RunPython "import macros.ribbon as r; r.press('btnXoaDanhDau')"
End Sub

Public Sub Press_btnToQuaHan(ByVal control As IRibbonControl)
    If Ready() Then RunPython "import macros.ribbon as r; r.press('btnToQuaHan')"
End Sub

Public Sub Press_btnLapBieu(ByVal control As IRibbonControl)
    If Ready() Then RunPython "import macros.ribbon as r; r.press('btnLapBieu')"
End Sub

Public Sub Press_btnGop(ByVal control As IRibbonControl)
    If Ready() Then RunPython "import macros.ribbon as r; r.press('btnGop')"
End Sub

Public Sub Press_btnPhieuTra(ByVal control As IRibbonControl)
    If Ready() Then RunPython "import macros.ribbon as r; r.press('btnPhieuTra')"
End Sub

Public Sub Press_btnHuongDan(ByVal control As IRibbonControl)
    If Ready() Then RunPython "import macros.ribbon as r; r.press('btnHuongDan')"
End Sub

Public Sub Press_btnTuKiemTra(ByVal control As IRibbonControl)
    If Ready() Then RunPython "import macros.ribbon as r; r.press('btnTuKiemTra')"
End Sub

Public Sub Press_btnNhatKy(ByVal control As IRibbonControl)
    If Ready() Then RunPython "import macros.ribbon as r; r.press('btnNhatKy')"
End Sub

Public Sub Press_btnHoanTac(ByVal control As IRibbonControl)
    If Ready() Then RunPython "import macros.ribbon as r; r.press('btnHoanTac')"
End Sub
