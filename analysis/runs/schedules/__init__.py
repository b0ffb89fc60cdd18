"""Schedules: which report is due when, running it, and how long its runs are kept."""
