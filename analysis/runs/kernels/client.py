"""A kernel client that waits for its kernel no longer than it has to."""

from __future__ import annotations

import time
from queue import Empty

ANSWER_SECONDS = 1.0  # for the reply of a kernel that may still be starting
IDLE_SECONDS = 0.25  # for its status to come by the other channel, which may be connected a moment later
RECONNECT_MILLISECONDS = 10  # a socket that is not there yet is looked for again after this long


def client_class() -> type:
    """The class of the client; made on first use, since jupyter_client takes a while to import."""
    from jupyter_client.asynchronous import AsyncKernelClient

    class Client(AsyncKernelClient):
        """Takes the kernel at its word that it is idle, where others wait until it has been silent for a while."""

        async def wait_for_ready(self, timeout: float | None = None) -> None:
            """Wait for the kernel; RuntimeError where it dies, or does not answer within ``timeout`` seconds."""
            until = None if timeout is None else time.monotonic() + timeout
            while not await self._is_ready(self.kernel_info()):
                if not await self.is_alive():
                    raise RuntimeError("Kernel died before replying to kernel_info")
                if until is not None and time.monotonic() > until:
                    raise RuntimeError(f"Kernel didn't respond in {timeout:g} seconds")

        async def _is_ready(self, asked: str) -> bool:
            """Whether the reply came, and after it the word that nothing more belongs to it."""
            try:
                reply = await self.get_shell_msg(timeout=ANSWER_SECONDS)
                if reply["msg_type"] != "kernel_info_reply":
                    return False
                self._handle_kernel_info_reply(reply)
                while True:
                    said = await self.get_iopub_msg(timeout=IDLE_SECONDS)
                    idle = said["msg_type"] == "status" and said["content"]["execution_state"] == "idle"
                    if idle and said["parent_header"].get("msg_id") == asked:
                        return True
            except Empty:
                return False

    return Client
