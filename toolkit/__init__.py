"""Pure core: what can be decided about a report. Knows no file, no Excel, no clock, no screen."""
