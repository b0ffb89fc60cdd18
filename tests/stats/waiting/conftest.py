"""Series that several tests of waits share."""

from __future__ import annotations

import pytest

from analysis.timeline import EventSeries


@pytest.fixture
def worked() -> EventSeries:
    """Strikes on 14 April, 8 and 11 May, silence until 4 June: days 0 (the opener), 24, 27 of 51."""
    return EventSeries.from_numbers([24, 27], start=0, end=51, opened_by_event=True)


@pytest.fixture
def irregular() -> EventSeries:
    """Times in no order that a shuffle or an edge could leave unchanged; nobody opened the window."""
    return EventSeries.from_numbers([0.4, 1.1, 7.9, 8.0, 23.5, 24.1, 31.7], start=0, end=40)
