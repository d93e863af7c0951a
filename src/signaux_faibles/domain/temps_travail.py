"""Working time: the yardstick of short-time work."""

from __future__ import annotations

ETP_CENTI_HOURS = 15167
"""Hundredths of hours of one full-time equivalent in a month (151.67 h)."""
