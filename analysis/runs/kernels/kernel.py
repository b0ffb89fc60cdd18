"""The Python kernel a report runs in: the running interpreter, its settings the same on every machine."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from analysis.runs import places
from analysis.runs.kernels import client, forked

ARGV = [sys.executable, "-m", "analysis.runs.kernels.ready", "-f", "{connection_file}"]
NAME = "python3"
PREFIX = "attack-timing-"  # of the folders that hold the sockets of a kernel, then the number of our process
SOCKET_PATH_LIMIT = 90  # a Unix socket's path holds about 104 bytes on the systems that allow least

SETTINGS = {
    # One thread each: reports run side by side, and sums do not depend on how threads share them.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "BLIS_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    # The same inputs give the same bytes: no order from the hash seed, no local clock, no personal settings.
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "TZ": "UTC",
    "MATPLOTLIBRC": os.devnull,
    # Has to be set before pyplot is imported, or figures vanish.
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "TQDM_DISABLE": "1",
    # ipykernel's debugger warns about frozen modules on every start.
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}


class Kernel:
    """A kernel process with its folder of sockets; ``manager`` is what nbclient talks through.

    Parameters
    ----------
    environment : variables for this kernel alone
    template : address of the template process it is forked from; None for a process of its own from the start
    """

    def __init__(self, environment: Mapping[str, str], template: Path | None = None) -> None:
        self.environment = dict(environment)
        clear_abandoned()
        self.folder = folder()
        self.log = self.folder / "kernel.log"
        self.manager = _manager(self.folder)
        if template is not None:
            self.manager.provisioner = forked.provisioner(self.manager, self.manager.kernel_spec, template, self.log)
        self.process = None

    def start(self) -> Kernel:
        """Start the process; it gets ready while the caller goes on."""
        from jupyter_core.utils import run_sync

        with self.log.open("wb") as log:
            run_sync(self.manager.start_kernel)(
                env=self._environment(),
                cwd=str(places.root()),
                stdout=log,
                stderr=log,
                extra_arguments=["--HistoryManager.hist_file=:memory:"],
            )
        self.process = self.manager.provisioner.process
        return self

    def _environment(self) -> dict[str, str]:
        return environment() | {"IPYTHONDIR": str(self.folder / "ipython")} | self.environment

    @property
    def forked(self) -> bool:
        """Whether the kernel was forked from a template process."""
        return isinstance(self.process, forked.ForkedProcess)

    @property
    def ended(self) -> int | None:
        """The exit code of the process, negative for a signal; None while it runs."""
        return None if self.process is None else self.process.poll()

    @property
    def peak_memory(self) -> int:
        """The most memory the process has held, in bytes, so far as the system tells; 0 where it does not."""
        if self.process is None:
            return 0
        with contextlib.suppress(OSError, ValueError, IndexError):
            status = Path(f"/proc/{self.process.pid}/status").read_text()
            return next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0)
        return 0

    def kill(self) -> None:
        """End the process and those it started; safe to call from another thread or a signal handler."""
        if self.process is None or self.process.returncode is not None:
            return
        with contextlib.suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(self.process.pid, signal.SIGKILL)
            else:
                self.process.kill()

    def close(self) -> None:
        """Kill the process, close its sockets, remove their folder."""
        from jupyter_core.utils import run_sync

        self.kill()
        if self.process is not None:
            with contextlib.suppress(Exception):
                self.process.wait(timeout=5)
        for each in self.manager.clients:
            with contextlib.suppress(Exception):
                each.stop_channels()
        with contextlib.suppress(Exception):
            # Nobody reads any more what is still on its way; by itself the manager would wait for it.
            self.manager.context.destroy(linger=0)
            run_sync(self.manager.cleanup_resources)()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def said(self) -> str:
        """What the process wrote to its own output, outside any cell; its last lines."""
        with contextlib.suppress(OSError):
            return self.log.read_text(encoding="utf-8", errors="replace")[-4000:].strip()
        return ""


def environment() -> dict[str, str]:
    """The variables of the environment that every kernel has."""
    path = [str(places.PACKAGE.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | SETTINGS | {"PYTHONPATH": os.pathsep.join(path)}


def folder() -> Path:
    """A new folder for sockets, known by the number of our process."""
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))


def clear_abandoned() -> None:
    """Remove the folders of kernels whose runner was killed before it could."""
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}[0-9]*-*"):
        owner = left.name.removeprefix(PREFIX).split("-")[0]
        if os.name == "posix" and owner.isdigit() and not alive(int(owner)):
            shutil.rmtree(left, ignore_errors=True)


def alive(pid: int) -> bool:
    """Whether a process of this number runs on this machine; one that has ended and waits for its parent does not."""
    try:
        os.kill(pid, 0)
        with contextlib.suppress(OSError, IndexError):
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except ProcessLookupError:
        return False
    except OSError:  # somebody else's
        return True
    return True


def _manager(folder: Path):
    """A kernel manager that starts our interpreter whatever kernels are installed, and talks by files."""
    from jupyter_client import AsyncKernelManager
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager

    class OwnSpec(KernelSpecManager):
        """Knows one kernel, the running interpreter, and does not look for others."""

        def get_kernel_spec(self, kernel_name):
            return KernelSpec(argv=ARGV, display_name="Python 3", language="python", interrupt_mode="signal")

    class Manager(AsyncKernelManager):
        """Remembers its clients, so that their sockets can be closed."""

        def client(self, **settings):
            made = super().client(**settings)
            self.clients.append(made)
            return made

    manager = Manager(
        kernel_name=NAME,
        kernel_spec_manager=OwnSpec(),
        connection_file=str(folder / "kernel.json"),
        client_factory=client.client_class(),
    )
    manager.clients = []
    manager.context.reconnect_ivl = client.RECONNECT_MILLISECONDS
    if os.name != "nt" and len(str(folder)) < SOCKET_PATH_LIMIT:
        # Files instead of ports: kernels that start at once cannot take each other's.
        manager.transport = "ipc"
        manager.ip = str(folder / "socket")
    return manager
