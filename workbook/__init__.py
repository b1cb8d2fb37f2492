"""Effects: the only place that opens, reads or writes workbooks."""
