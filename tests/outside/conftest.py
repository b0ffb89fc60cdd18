"""What tests of other people's programs stand on: JupyterLab, Chromium, and a run of our own to compare with."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs" / "examples"
NOTEBOOK = "record"  # quick, and shows tables, figures and cards of findings
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
# Nothing but the page asked for is to be fetched.
QUIET = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-default-apps", "--disable-domain-reliability"),
]


@pytest.fixture(scope="session", autouse=True)
def no_proxy():
    """What is asked of this machine is not asked of a proxy."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NO_PROXY", "127.0.0.1,localhost")
        patch.setenv("no_proxy", "127.0.0.1,localhost")
        yield


@dataclass(frozen=True)
class Server:
    """A JupyterLab that answers at ``url`` to whoever knows the token; ``root`` is the folder it shows."""

    url: str
    token: str
    root: Path

    def ask(self, path: str, data: dict | None = None) -> dict:
        """GET, or POST where there is data; the answer as JSON holds it, {} where it is empty."""
        body = None if data is None else json.dumps(data).encode()
        head = {"Authorization": f"token {self.token}", "Content-Type": "application/json"}
        with urllib.request.urlopen(urllib.request.Request(self.url + path, body, head), timeout=30) as answer:
            return json.loads(answer.read() or b"{}")


def lab_command() -> list[str]:
    """The words of ``make lab`` after its Python, so that what is tested is what the reader gets."""
    asked = subprocess.run(["make", "-n", "lab"], cwd=ROOT, capture_output=True, text=True, check=True)
    line = asked.stdout.replace("\\\n", " ").strip().splitlines()[-1]
    return re.split(r"\s+", line.split("python ", 1)[1])


@pytest.fixture(scope="session")
def copied_notebooks(tmp_path_factory) -> Path:
    """A folder with the notebooks, under git, as somebody's checkout of them."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks", ignore=shutil.ignore_patterns(".*"))
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(
        folder,
        "-c",
        "user.name=a reader",
        "-c",
        "user.email=reader@example.org",
        "commit",
        "--quiet",
        "-m",
        "as it was",
    )
    return folder


def git(folder: Path, *words: str) -> str:
    """What git says in a folder."""
    return subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="session")
def lab(copied_notebooks, tmp_path_factory) -> Iterator[Server]:
    """JupyterLab as ``make lab`` starts it, on a free port, showing a copy of the notebooks."""
    pytest.importorskip("jupyter_scheduler", reason="not in this environment; make test-outside has it")
    home = tmp_path_factory.mktemp("home")
    token, says = "0f" * 16, home / "server.log"
    flags = [
        *("--no-browser", "--ServerApp.ip=127.0.0.1", "--ServerApp.port=0", "--ServerApp.allow_root=True"),
        *(f"--ServerApp.root_dir={copied_notebooks}", f"--IdentityProvider.token={token}"),
        # Nobody is there to be asked about news, and nothing is looked for outside this machine.
        *("--LabApp.extension_manager=readonly", "--LabApp.news_url=None"),
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    env = os.environ | {"HOME": str(home), "JUPYTER_RUNTIME_DIR": str(home / "runtime")}
    with says.open("w") as log:
        served = subprocess.Popen(
            [sys.executable, *lab_command(), *flags], env=env, cwd=copied_notebooks, stdout=log, stderr=log
        )
    try:
        yield Server(_address(served, home / "runtime", says), token, copied_notebooks)
    finally:
        served.terminate()
        served.wait(timeout=30)


def _address(served: subprocess.Popen, runtime: Path, says: Path) -> str:
    for _ in range(600):
        for found in runtime.glob("jpserver-*.json"):
            if found.read_text().rstrip().endswith("}"):
                return json.loads(found.read_text())["url"].rstrip("/")
        assert served.poll() is None, says.read_text()
        time.sleep(0.1)
    raise AssertionError(f"JupyterLab did not start within a minute:\n{says.read_text()}")


@pytest.fixture(scope="session")
def chromium() -> Iterator:
    """A Chromium driven by Playwright."""
    playwright = pytest.importorskip("playwright.sync_api", reason="not in this environment; make test-outside has it")
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine; on Debian: apt-get install chromium")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def ours(tmp_path_factory) -> SimpleNamespace:
    """The notebook run by our own runner on another day than its default: parameters, findings and digest."""
    reports = tmp_path_factory.mktemp("ours")
    as_of = "2021-06-30"
    command = [
        sys.executable,
        "-m",
        "analysis",
        "run",
        NOTEBOOK,
        "--as-of",
        as_of,
        "--reports",
        str(reports),
        "--quiet",
    ]
    subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    folder = reports / NOTEBOOK / "latest"
    said = re.search(r"digest of the findings <code>(\w{16})<", (folder / "report.html").read_text())
    findings = json.loads((folder / "findings.json").read_text())
    return SimpleNamespace(as_of=as_of, digest=said[1], findings=findings, folder=folder)
