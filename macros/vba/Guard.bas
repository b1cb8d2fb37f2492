Attribute VB_Name = "Guard"
Option Explicit
Option Private Module

' What only VBA can tell, because Python is not there yet. Sentences come from the settings sheet of this add-in:
' WScript shows Vietnamese on every Windows, MsgBox only where the code page has it.

Private Const CRITICAL_ICON As Long = 16

Public Function Ready() As Boolean
    Dim missing As String
    missing = Obstacle()
    If missing = "" Then Ready = True Else Tell missing
End Function

' Key of the sentence that says why no button can work now; "" when nothing stands in the way.
Public Function Obstacle() As String
    If ActiveWorkbook Is Nothing Then
        Obstacle = "MSG NO WORKBOOK"
    ElseIf Not FileExists(GetConfig("INTERPRETER_WIN")) Then
        Obstacle = "MSG NO PYTHON"
    End If
End Function

' Shows a sentence of the settings sheet, and below it the last line of what Python said: the rest is for programmers.
Public Sub Tell(ByVal key As String, Optional ByVal detail As String = "")
    Dim text As String
    text = GetConfig(key)
    detail = LastLine(detail)
    If detail <> "" Then text = text & vbCrLf & vbCrLf & detail
    CreateObject("WScript.Shell").Popup text, 0, GetConfig("MSG TITLE"), CRITICAL_ICON
End Sub

Public Function LastLine(ByVal text As String) As String
    Dim lines As Variant, i As Long
    lines = Split(Replace(text, vbCr, ""), vbLf)
    For i = UBound(lines) To LBound(lines) Step -1
        If Trim(lines(i)) <> "" Then
            LastLine = Trim(lines(i))
            Exit Function
        End If
    Next i
End Function
