Attribute VB_Name = "Diagnosis"
Option Explicit

' For whoever helps, in the Immediate window: ?SelfTest
' Which build this is, whether its settings can be read, and why no button would work.
Public Function SelfTest() As String
    Dim missing As String
    missing = Obstacle()
    If missing = "" Then missing = "READY"
    SelfTest = "VBA-OK " & GetConfig("BUILD") & " " & missing
End Function
