"""A scheduled report that could not be asked for: kept as a failed run with its error, so that its page shows it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from analysis.errors import AnalysisError
from analysis.runs import manifest
from analysis.runs.folder import Partial


def keep(folder: Path, notebook: str, error: AnalysisError) -> Path:
    """Keep what was wrong in ``folder``, the one of the report's runs; the same error is kept once."""
    name, stem = type(error).__name__, Path(notebook).stem
    run_id = "refused-" + hashlib.sha256(f"{name}: {error}".encode()).hexdigest()[:10]
    partial = Partial(folder, run_id).make()
    now = manifest.now()
    told = {"name": name, "cell": None, "text": str(error)}
    manifest.write(
        partial.path,
        {
            "format": manifest.FORMAT,
            "run_id": run_id,
            "status": "failed",
            "notebook": {"name": stem, "title": stem.replace("_", " ").replace("-", " "), "path": ""},
            "question": "",
            "parameters": {},
            "as_of": None,
            "data": [],
            "inputs": {},
            "versions": {},
            "started": now,
            "ended": now,
            "seconds": 0.0,
            "error": told,
            "outputs": {},
        },
    )
    return partial.keep_failed()
