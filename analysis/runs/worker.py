"""One report in a process of its own, forked from a runner that has everything imported; a pipe says how it ended."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.runs.exits import ENVIRONMENT, FAILED, TIME_LIMIT, Stopped, exit_code

GRACE = 30  # seconds that a worker has beyond the limit of its report, to keep what there is of it


@dataclass(frozen=True, slots=True)
class Ended:
    """How one report ended: its exit code, its run and HTML where it is good, and what it said."""

    name: str
    code: int
    html: Path | None
    said: str
    seconds: float
    folder: Path | None = None
    recognised: bool = False


class Worker:
    """A report under way.

    Parameters
    ----------
    name : of the report
    make : makes the report and gives back an ``Outcome``; called in the new process
    limit : seconds after which the process is killed even where it does not stop by itself; None for never
    """

    def __init__(self, name: str, make: Callable[[], Any], limit: float | None) -> None:
        self.name = name
        self.started = time.monotonic()
        self.deadline = None if limit is None else self.started + limit + GRACE
        self.late = False
        self.said = tempfile.TemporaryFile()  # noqa: SIM115  (closed by ended())
        self.pipe, answer = os.pipe()
        runner = os.getpid()
        with warnings.catch_warnings():
            # The other threads of this process are those of the linear algebra library, which heeds forks itself.
            warnings.simplefilter("ignore", DeprecationWarning)
            self.pid = os.fork()
        if self.pid == 0:
            os.close(self.pipe)
            self._work(make, answer, runner)
        os.close(answer)

    def ended(self) -> Ended:
        """How it ended; asked for when the pipe can be read to its end."""
        with os.fdopen(self.pipe, "rb") as pipe:
            told = pipe.read()
        _, status = os.waitpid(self.pid, 0)
        seconds = time.monotonic() - self.started
        self.said.seek(0)
        said = self.said.read()[-4000:].decode(errors="replace").strip()
        self.said.close()
        if not told:
            return Ended(self.name, *self._lost(os.waitstatus_to_exitcode(status), said), seconds)
        found = json.loads(told)
        html, folder = (Path(found[k]) if found[k] else None for k in ("html", "folder"))
        return Ended(self.name, found["code"], html, found["said"], seconds, folder, found["recognised"])

    def tell(self, number: int) -> None:
        """Send it a signal."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def _lost(self, code: int, said: str) -> tuple[int, None, str]:
        if self.late:
            return TIME_LIMIT, None, "it did not stop at its time limit, and was killed"
        how = f"was killed (signal {-code})" if code < 0 else f"ended by itself (exit code {code})"
        return ENVIRONMENT, None, f"the process that ran the report {how}; it said: {said or 'nothing'}"

    def _work(self, make: Callable[[], Any], answer: int, runner: int) -> None:
        """Make the report and tell how it ended; never returns."""
        told: dict[str, Any] = {"code": FAILED, "html": None, "folder": None, "said": "", "recognised": False}
        try:
            # A terminal's Ctrl-C goes to the runner alone, which passes it on once.
            os.setpgid(0, 0)
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_DFL if number != signal.SIGINT else signal.default_int_handler)
            nothing = os.open(os.devnull, os.O_RDONLY)
            os.dup2(nothing, 0)
            for stream in (1, 2):
                os.dup2(self.said.fileno(), stream)
            threading.Thread(target=_follow, args=(runner,), name="follow", daemon=True).start()
            outcome = make()
            told |= {
                "code": 0,
                "html": str(outcome.html),
                "folder": str(outcome.folder),
                "recognised": outcome.recognised,
            }
        except (Exception, Stopped) as error:
            told |= {"code": exit_code(error), "said": in_words(error)}
            told["folder"] = None if getattr(error, "folder", None) is None else str(error.folder)
        except BaseException as error:
            told["said"] = f"{type(error).__name__}: {error}"
        finally:
            with contextlib.suppress(OSError):
                with os.fdopen(answer, "wb") as pipe:
                    pipe.write(json.dumps(told).encode())
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(0)


def _follow(runner: int) -> None:
    """Stop where the runner has gone: nobody would hear how the report ended."""
    while os.getppid() == runner:
        time.sleep(0.2)
    os.kill(os.getpid(), signal.SIGTERM)


def in_words(error: BaseException) -> str:
    """What a reader is told of an error: our own say it themselves."""
    from analysis.errors import AnalysisError

    return str(error) if isinstance(error, AnalysisError | Stopped) else f"{type(error).__name__}: {error}"
