"""How a command ended, for the program that called it."""

from __future__ import annotations

FAILED = 1
"""Done, but some files failed."""

USAGE = 2
"""Wrong usage."""

INDEX = 3
"""The index is missing, outdated, locked, damaged or not writable."""

INTERRUPTED = 130
"""Stopped by Ctrl-C or SIGTERM."""
