Attribute VB_Name = "Live"
Option Explicit

' What Python asks of Excel many times over, in one call each. Called by name through Application.Run; without these
' functions Python does the same, slower. Addresses come as "A1:B2,C3"; colours as RRGGBB, "-" for no fill.

Private Const NO_FILL As Long = -4142
Private Const PLAIN As Long = 1

' Name, tab, what it refers to; one line for each defined name.
Public Function LiveNames(ByVal bookName As String) As String
    Dim item As Name, lines() As String, n As Long
    If Workbooks(bookName).Names.Count = 0 Then Exit Function
    ReDim lines(0 To Workbooks(bookName).Names.Count - 1)
    For Each item In Workbooks(bookName).Names
        lines(n) = item.Name & vbTab & item.RefersTo
        n = n + 1
    Next item
    LiveNames = Join(lines, vbLf)
End Function

' The fill of each cell of each area: cells parted by dots, areas by ";". "?" is a pattern or a gradient.
Public Function LiveColours(ByVal bookName As String, ByVal sheetName As String, ByVal areas As String) As String
    Dim parts() As String, found() As String, area As Range, cell As Range, i As Long, n As Long
    parts = Split(areas, ",")
    For i = LBound(parts) To UBound(parts)
        Set area = Workbooks(bookName).Worksheets(sheetName).Range(parts(i))
        ReDim found(0 To area.Count - 1)
        n = 0
        For Each cell In area.Cells
            found(n) = ColourOf(cell)
            n = n + 1
        Next cell
        parts(i) = Join(found, ".")
    Next i
    LiveColours = Join(parts, ";")
End Function

' "F8CBAD=A1:B2,C3;-=D4": paints the areas, takes the fill off D4.
Public Function LivePaint(ByVal bookName As String, ByVal sheetName As String, ByVal plan As String) As Long
    Dim item As Variant, address As Variant, colour As String
    For Each item In Split(plan, ";")
        colour = Left(item, InStr(item, "=") - 1)
        For Each address In Split(Mid(item, InStr(item, "=") + 1), ",")
            With Workbooks(bookName).Worksheets(sheetName).Range(address).Interior
                If colour = "-" Then
                    .ColorIndex = NO_FILL
                Else
                    .Color = RGB(Part(colour, 1), Part(colour, 3), Part(colour, 5))
                End If
            End With
        Next address
    Next item
End Function

Private Function ColourOf(ByVal cell As Range) As String
    Dim value As Long
    If cell.Interior.ColorIndex = NO_FILL Then
        ColourOf = "-"
    ElseIf cell.Interior.Pattern <> PLAIN And cell.Interior.Pattern <> NO_FILL Then
        ColourOf = "?"
    Else
        value = cell.Interior.Color
        ColourOf = TwoDigits(value And 255) & TwoDigits((value \ 256) And 255) & TwoDigits((value \ 65536) And 255)
    End If
End Function

Private Function Part(ByVal colour As String, ByVal first As Long) As Long
    Part = CLng("&H" & Mid(colour, first, 2))
End Function

Private Function TwoDigits(ByVal value As Long) As String
    TwoDigits = Right("0" & Hex(value), 2)
End Function
