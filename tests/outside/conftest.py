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
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs" / "examples"
NOTEBOOK = "record"  # quick, and shows tables, figures and cards of findings
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ABSENT = [name for name in ("jupyter_scheduler", "playwright") if find_spec(name) is None]
needs_outside = pytest.mark.skipif(
    bool(ABSENT), reason=f"{' and '.join(ABSENT)} not in this environment; make test-outside has them"
)
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
    playwright = pytest.importorskip("playwright.sync_api")
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


TINY = {
    "parameters": 'as_of = "2021-06-04"  # the record as it was public on this day\n'
    "level = 0.95  # of every interval\n",
    "set-up": "from analysis import Estimate, Finding\nfrom analysis.runs import open_run\n\n"
    'run = open_run("tiny", as_of=as_of, level=level)\n',
    "finding": 'effect = Estimate(name="level", value=level, low=0, high=1, unit="")\n'
    "finding = Finding(\n"
    '    question="Is it run?", null="It is not.", method="a look", statistic=1.0, statistic_name="looks",\n'
    "    pvalue=0.5, n_events=1, effect=effect)\nfinding\n",
    "record": 'run.record({"one": finding})\nrun.close()\n',
}
SCHEDULE = """\
timezone: Asia/Baghdad
reports:
  tiny-daily:
    notebook: tiny
    every: daily at 06:00
    parameters: {as_of: "{slot}"}
    timeout: 120
"""


def tiny() -> nbformat.NotebookNode:
    """A notebook that is a report and takes no time."""
    book = new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}})
    book.cells = [new_markdown_cell("# Is it run?\n\nA question for a test.")]
    book.cells += [new_code_cell(text, metadata={"tags": [name]}) for name, text in TINY.items()]
    return book


@pytest.fixture
def project(tmp_path) -> Path:
    """A checkout of the project with one small notebook on a schedule."""
    return checkout(tmp_path / "attack-timing")


def checkout(folder: Path) -> Path:
    """Lay out a project with one small notebook on a schedule, and the environment that runs these tests."""
    for part in ("analysis", ".ci"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    for part in ("pyproject.toml", "requirements.lock", "Makefile", "README.md", ".gitignore"):
        shutil.copy(ROOT / part, folder)
    for part in ("data", "notebooks", "reports"):
        (folder / part).mkdir()
    for file in ("attacks.csv", "SOURCES.yml"):
        shutil.copy(ROOT / "data" / file, folder / "data")
    nbformat.write(tiny(), folder / "notebooks" / "tiny.ipynb")
    (folder / "reports" / "schedule.yml").write_text(SCHEDULE)
    (folder / ".venv").symlink_to(sys.prefix)
    return folder


def made(project: Path) -> list[dict]:
    """The manifests of the runs of the one report in a project."""
    runs = sorted((project / "reports" / "tiny-daily").glob("[!.l]*/manifest.json"))
    return [json.loads(run.read_text()) for run in runs]


def example(name: str, project: Path) -> str:
    """The text of an example, with a project in the place of the folder that it names."""
    text = (EXAMPLES / name).read_text()
    assert "/srv/attack-timing" in text
    return text.replace("/srv/attack-timing", str(project))


def spoil(project: Path) -> None:
    """Make the one report of a project fail."""
    book = tiny()
    book.cells[3].source = "raise ValueError('spoilt for a test')"
    nbformat.write(book, project / "notebooks" / "tiny.ipynb")
