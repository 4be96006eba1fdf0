"""外设: scanners and printers, each driver behind three or four calls and one family of errors.

Vendor code never runs in the process of the windows: a scanner's driver lives in a process of its own
(`scan_worker`), printers are spoken to over the network. Nothing here knows cases, papers or screens.
"""
