"""Kernels forked from one template process, seen from the runner: jupyter_client talks to them as to any other."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis.runs import places
from analysis.runs.kernels import ready

OFFERED = sys.platform == "linux"  # elsewhere a fork of a process with libraries loaded is not safe
SOCKET = "template.sock"
ANSWER_SECONDS = 60  # importing what notebooks need comes first


class NotForked(Exception):
    """No kernel could be forked; one is started in the ordinary way instead."""


class Template:
    """The template process of a batch: started at once, ready when it is ready.

    Parameters
    ----------
    folder : an empty folder for its socket and its log
    imports : names of modules to import ahead
    environment : the environment that it and its kernels have in common
    """

    def __init__(self, folder: Path, imports: Sequence[str], environment: Mapping[str, str]) -> None:
        self.address = folder / SOCKET
        with (folder / "template.log").open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "analysis.runs.kernels.template", str(self.address), str(os.getpid())],
                env=dict(environment) | {ready.IMPORTS: " ".join(imports)},
                cwd=places.root(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def close(self) -> None:
        """End it, and with it every kernel that still runs."""
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=5)
        self.process.kill()


class ForkedProcess:
    """A forked kernel in the manner of ``subprocess.Popen``; how it ended is told by its template."""

    stdin = stdout = stderr = None

    def __init__(self, address: Path, asked: Mapping[str, Any]) -> None:
        self.returncode: int | None = None
        self._heard = b""
        self._connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            _connect(self._connection, address)
            self._connection.settimeout(ANSWER_SECONDS)
            self._connection.sendall((json.dumps(asked) + "\n").encode())
            answer = self._line()
        except OSError as error:
            self._connection.close()
            raise NotForked(f"the template process does not answer: {error}") from None
        if "pid" not in answer:
            self._connection.close()
            raise NotForked(answer.get("refused", "the template process has ended"))
        self.pid = int(answer["pid"])
        self._connection.setblocking(False)

    def poll(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""
        if self.returncode is None:
            with contextlib.suppress(BlockingIOError):
                # A template that has gone has taken its kernels along.
                self.returncode = int(self._line().get("code", -signal.SIGKILL))
                self._connection.close()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """The exit code, when it has ended."""
        until = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if until is not None and time.monotonic() > until:
                raise subprocess.TimeoutExpired("kernel", timeout)
            time.sleep(0.005)
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)

    def _line(self) -> dict[str, Any]:
        """The next line of the template; nothing where it has closed the connection."""
        while b"\n" not in self._heard:
            more = self._connection.recv(4096)
            if not more:
                return {}
            self._heard += more
        line, _, self._heard = self._heard.partition(b"\n")
        return json.loads(line)


def _connect(connection: socket.socket, address: Path) -> None:
    """Connect as soon as the template listens, which it does some moments after it was started."""
    until = time.monotonic() + ANSWER_SECONDS / 4
    while True:
        try:
            connection.connect(str(address))
            return
        except (FileNotFoundError, ConnectionRefusedError):
            if time.monotonic() > until:
                raise
            time.sleep(0.01)


def provisioner(manager: Any, spec: Any, address: Path, log: Path) -> Any:
    """What starts the kernel of a manager: forks it where that can be done, and starts it as usual where not."""
    from jupyter_client.provisioning import LocalProvisioner

    class Forking(LocalProvisioner):
        """Local, but for how the process comes about."""

        async def launch_kernel(self, cmd: list[str], **settings: Any) -> Any:
            asked = {
                "arguments": [str(word) for word in cmd[cmd.index("-f") :]],
                "environment": settings["env"],
                "cwd": settings["cwd"],
                "log": str(log),
            }
            try:
                self.process = ForkedProcess(address, asked)
            except NotForked as reason:
                with log.open("a", encoding="utf-8") as said:
                    said.write(f"not forked: {reason}\n")
                return await super().launch_kernel(cmd, **settings)
            self.pid = self.pgid = self.process.pid
            return self.connection_info

    return Forking(kernel_id="", kernel_spec=spec, parent=manager)
