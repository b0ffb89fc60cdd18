"""Tests of timing, one family to a room; each gives back a Finding."""
