"""What JupyterLab keeps of a template when it saves it: the source alone, so that a diff shows what was changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from analysis.runs.notebook import tags

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
LANGUAGE = {"name": "python"}


def without_outputs(*, model: dict[str, Any], path: str = "", contents_manager: Any = None, **_: Any) -> None:
    """Strip a template in the moment before Jupyter writes it; the open page keeps what it shows.

    Parameters
    ----------
    model : what is about to be written, as Jupyter's contents service describes it; changed in place
    path : where it will be, from the root folder of the server
    contents_manager : Jupyter's, of which the root folder is asked

    Made for Jupyter's ``ContentsManager.pre_save_hook``, which calls it by keyword. A template is a notebook
    with a cell tagged ``parameters``. Any other is written as it is, and so is the notebook of a report, which
    lies beside its manifest: its outputs are what it is kept for.
    """
    content = model.get("content")
    if model.get("type") != "notebook" or not isinstance(content, dict) or content.get("nbformat") != 4:
        return
    beside = Path(getattr(contents_manager, "root_dir", "."), path.strip("/")).parent
    if is_template(content) and not (beside / "manifest.json").exists():
        strip(content)


def is_template(content: dict[str, Any]) -> bool:
    """Whether a notebook is one that reports are made from: it has a code cell tagged ``parameters``."""
    return any(c["cell_type"] == "code" and "parameters" in tags(c) for c in content["cells"])


def strip(content: dict[str, Any]) -> None:
    """Take from a notebook, in place, what running and looking at it leave behind; source and tags stay.

    What goes: outputs, execution counts, the version of the interpreter, states of widgets, folded and scrolled
    cells, marks of papermill. A kernel other than ``python3`` stays named, so that the runner can refuse it.
    """
    metadata = content.get("metadata", {})
    kernel = metadata.get("kernelspec") or KERNEL
    native = kernel.get("name") == KERNEL["name"]
    content["metadata"] = {
        "kernelspec": dict(KERNEL) if native else kernel,
        "language_info": dict(LANGUAGE) if native else metadata.get("language_info", {}),
    }
    for cell in content["cells"]:
        # Tags are read by papermill and by the runner; the rest is how somebody's page looked.
        cell["metadata"] = {"tags": tags(cell)} if tags(cell) else {}
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
