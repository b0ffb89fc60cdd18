"""An eye on a running kernel: its memory, the time it may take, and signals that tell the run to stop."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from analysis.runs.exits import Stopped
from analysis.runs.kernels.kernel import Kernel

SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
EVERY = 0.1  # seconds between two looks


class Watch:
    """Kills the kernel when the time is up or the run is told to stop, and remembers which it was.

    Parameters
    ----------
    limit : seconds the whole run may take, from now; None for as long as it takes
    """

    def __init__(self, limit: float | None) -> None:
        self.started = time.monotonic()
        self.limit = limit
        self.kernel: Kernel | None = None
        self.peak_memory = 0  # bytes
        self.out_of_time = False
        self.signum: int | None = None
        self.patient = False  # a first signal is remembered rather than raised
        self._done = threading.Event()

    @property
    def seconds(self) -> float:
        """Seconds since the run began."""
        return time.monotonic() - self.started

    def over(self, kernel: Kernel | None) -> None:
        """Watch this kernel from now on, or none."""
        self.kernel = kernel

    def look_at_memory(self) -> None:
        """Take note of how much memory the kernel has held."""
        if self.kernel is not None:
            self.peak_memory = max(self.peak_memory, self.kernel.peak_memory)

    @contextmanager
    def watching(self) -> Iterator[Watch]:
        """Look at the kernel, the clock and the signals while the block runs."""
        thread = threading.Thread(target=self._look, name="watch", daemon=True)
        thread.start()
        before = self._heed_signals()
        try:
            yield self
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            self._done.set()
            thread.join()

    @contextmanager
    def patiently(self) -> Iterator[None]:
        """While the block runs a signal ends the kernel, not the block; who comes after has to ask."""
        self.patient = True
        try:
            yield
        finally:
            self.patient = False

    def raise_if_stopped(self) -> None:
        """Raise Stopped where a signal has come."""
        if self.signum is not None:
            raise Stopped(self.signum)

    def _look(self) -> None:
        while not self._done.wait(EVERY):
            kernel = self.kernel
            if kernel is None:
                continue
            self.look_at_memory()
            if self.limit is not None and self.seconds > self.limit:
                self.out_of_time = True
                kernel.kill()

    def _heed_signals(self) -> dict:
        # Only the main thread may; a run in another thread is stopped by whoever runs the main one.
        if threading.current_thread() is not threading.main_thread():
            return {}
        return {number: signal.signal(number, self._on_signal) for number in SIGNALS}

    def _on_signal(self, number: int, frame: object) -> None:
        again = self.signum is not None
        self.signum = number
        if self.kernel is not None:
            self.kernel.kill()
        if again or not self.patient:
            self.raise_if_stopped()
