"""Sequential: evidence that may be looked at any day, confidence sequences, and alarms for scheduled looks."""

from analysis.stats.sequential.alarms import alarm
from analysis.stats.sequential.compared import ratio
from analysis.stats.sequential.watch import confidence_sequence, evidence

__all__ = ["alarm", "confidence_sequence", "evidence", "ratio"]
