Attribute VB_Name = "FunctionHelp"
Option Explicit
Option Private Module

' The Vietnamese help of the worksheet functions in the function wizard: from the settings sheet, because VBA is plain
' ASCII, and without Python, so that Excel starts as fast as before. What Excel refuses stays without help; nobody is told.
' Gives back for how many functions Excel took it.
Public Function GiveHelp() As Long
    Dim key As Variant, told As Variant, hints() As String, i As Long
    On Error Resume Next
    For Each key In Split(GetConfig("HELP"), " ")
        told = Split(GetConfig("HELP " & key), vbLf)
        ReDim hints(1 To UBound(told))
        For i = 1 To UBound(told)
            hints(i) = told(i)
        Next i
        Err.Clear
        Application.MacroOptions Macro:="'" & ThisWorkbook.Name & "'!" & key, Description:=told(0), _
            Category:=GetConfig("MSG TITLE"), ArgumentDescriptions:=hints
        If Err.Number = 0 Then GiveHelp = GiveHelp + 1
    Next key
    ThisWorkbook.Saved = True
End Function
