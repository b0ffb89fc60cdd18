"""The process that the kernels of a batch are forked from: it has imported what notebooks import, and runs nothing."""

from __future__ import annotations

import contextlib
import json
import os
import random
import selectors
import signal
import socket
import sys
from typing import Any

from analysis.runs.kernels import ready, steady

# What a template may import ahead of a notebook: libraries whose import changes nothing outside themselves.
KNOWN = {"analysis", "matplotlib", "numpy", "pandas", "scipy", "seaborn", "statsmodels", "IPython"}
WAKE = b"\0"


def known(names: list[str]) -> list[str]:
    """The modules among ``names`` that may be imported ahead; every other is left to the notebook that asks for it."""
    return [name for name in names if name.split(".")[0] in KNOWN]


def threads() -> int:
    """How many threads this process has, those of libraries included, as far as the system tells."""
    with contextlib.suppress(OSError):
        return len(os.listdir("/proc/self/task"))
    return 1


class Template:
    """Forks a kernel for every request that comes over a Unix socket, and tells how each kernel ended.

    A request is one line of JSON with ``arguments``, ``environment``, ``cwd`` and ``log``; the answer is one line with
    ``pid`` or, where no kernel could be forked, ``refused``; when the kernel has ended, a line with ``code`` follows.
    Who closes the connection before that has gone, and its kernel is killed.
    """

    def __init__(self, address: str, owner: int) -> None:
        self.owner = owner  # the process whose end is ours
        self.kernels: dict[int, socket.socket] = {}
        self.selector = selectors.DefaultSelector()
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        # Who comes while we still import waits in the queue.
        self.listener.bind(address)
        self.listener.listen(64)
        self.selector.register(self.listener, selectors.EVENT_READ, self._accept)

    def serve(self) -> None:
        """Fork until the owner has gone; then end every kernel that is left."""
        awake, woken = socket.socketpair()
        for end in (awake, woken):
            end.setblocking(False)
        signal.set_wakeup_fd(woken.fileno())
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's Ctrl-C is for the owner
        self.selector.register(awake, selectors.EVENT_READ, self._reap)
        try:
            while os.getppid() == self.owner:
                for key, _ in self.selector.select(timeout=1):
                    key.data(key.fileobj)
        finally:
            for pid in self.kernels:
                _end(pid)

    def _accept(self, listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with contextlib.suppress(OSError, ValueError):
            asked = json.loads(connection.makefile("r", encoding="utf-8").readline())
            self._answer(connection, asked)

    def _answer(self, connection: socket.socket, asked: dict[str, Any]) -> None:
        if (running := threads()) > 1:
            # A thread is not there after a fork, and what it held locked stays locked.
            _tell(connection, refused=f"a library has started threads ({running})")
            return
        pid = os.fork()
        if pid == 0:
            self._be_kernel(asked)
        self.kernels[pid] = connection
        self.selector.register(connection, selectors.EVENT_READ, lambda gone: self._left(pid))
        _tell(connection, pid=pid)

    def _be_kernel(self, asked: dict[str, Any]) -> None:
        """Become a kernel; never returns."""
        code = 1
        try:
            owner = os.getppid()
            for connection in self.kernels.values():
                connection.close()
            self.selector.close()
            self.listener.close()
            signal.set_wakeup_fd(-1)
            for number in (signal.SIGCHLD, signal.SIGINT):
                signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
            os.setsid()
            os.chdir(asked["cwd"])
            os.environ.clear()
            os.environ.update(asked["environment"])
            os.environ.pop(ready.IMPORTS, None)
            _write_to(asked["log"])
            _draw_anew()
            _launch([*asked["arguments"], f"--IPKernelApp.parent_handle={owner}"])
            code = 0
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else 0 if left.code is None else 1
        except BaseException:
            import traceback

            traceback.print_exc()
        finally:
            with contextlib.suppress(Exception):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(code)

    def _left(self, pid: int) -> None:
        """The runner of a kernel has closed its connection: nobody listens to that kernel any more."""
        connection = self.kernels.pop(pid, None)
        if connection is not None:
            self.selector.unregister(connection)
            connection.close()
        _end(pid)

    def _reap(self, awake: socket.socket) -> None:
        with contextlib.suppress(BlockingIOError):
            awake.recv(4096)
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            connection = self.kernels.pop(pid, None)
            if connection is not None:
                self.selector.unregister(connection)
                _tell(connection, code=os.waitstatus_to_exitcode(status))
                connection.close()


def _tell(connection: socket.socket, **words: Any) -> None:
    with contextlib.suppress(OSError):
        connection.sendall((json.dumps(words) + "\n").encode())


def _end(pid: int) -> None:
    with contextlib.suppress(OSError):
        os.killpg(pid, signal.SIGKILL)


def _write_to(log: str) -> None:
    """Standard output and error go to the log of the kernel; there is no standard input."""
    nothing, file = os.open(os.devnull, os.O_RDONLY), os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(nothing, 0)
    os.dup2(file, 1)
    os.dup2(file, 2)
    os.close(nothing)
    os.close(file)


def _draw_anew() -> None:
    """What draws without a seed must not draw the same in every kernel of a batch."""
    random.seed()
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()


def _launch(arguments: list[str]) -> None:
    from ipykernel import kernelapp

    sys.argv = ["ipykernel_launcher", *arguments]
    kernelapp.launch_new_instance()


def main(address: str, owner: int) -> None:
    """Listen at once, import, then fork kernels until ``owner``, the process that started us, has gone."""
    template = Template(address, owner)
    ready.load(ready.ahead(" ".join(known(os.environ.pop(ready.IMPORTS, "").split()))))
    steady.settle()
    ready.load("ipykernel.kernelapp ipykernel.ipkernel ipykernel.zmqshell IPython.core.completer")
    template.serve()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
