"""PDF 引擎的锁: pdfium has one state for the whole process, so one thread at a time may use it."""

from __future__ import annotations

import threading

PDFIUM = threading.RLock()
"""Held around every use of pypdfium2 in a process with threads."""
