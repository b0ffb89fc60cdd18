"""One list of requirements, told three times: pyproject.toml, requirements.lock and environment.yml must agree."""

import ast
import importlib.metadata
import re
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCK = (ROOT / "requirements.lock").read_text()
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text())

# The first and a late release of each supported Python: a pin may hold for some of them only.
PYTHONS = [f"3.{minor}.{micro}" for minor in (11, 12, 13) for micro in (0, 15)]

# Where conda-forge has another name, or where its package of the same name brings more than we may use.
CONDA_NAMES = {
    "jupyter-client": "jupyter_client",
    "jupyter-core": "jupyter_core",
    "matplotlib": "matplotlib-base",
    "nbconvert": "nbconvert-core",
}

# Weak copyleft binds who changes these packages' own files, not who uses them. Nothing stronger is accepted.
ACCEPTED_COPYLEFT = {
    "certifi": "MPL-2.0; the list of root certificates, used unchanged by requests, which papermill requires",
    "fqdn": "MPL-2.0; checks host names in JSON schemas, used unchanged by jupyter-events, which JupyterLab requires",
    "tqdm": "MPL-2.0 and MIT; progress bars, used unchanged by us and by papermill",
}
PERMISSIVE = re.compile(r"\b(MIT|BSD|0BSD|Apache|ISC|PSF|PSFL|Python Software Foundation|Unlicense|Zlib)\b", re.I)
COPYLEFT = re.compile(r"GPL|General Public|MPL|Mozilla|EPL|Eclipse|CDDL|EUPL|CeCILL|OSL|SSPL|CC-BY-SA", re.I)


def requirements(*lines: str) -> dict[str, Requirement]:
    found = [Requirement(line) for line in lines]
    return {canonicalize_name(each.name): each for each in found}


RUNTIME = requirements(*PROJECT["project"]["dependencies"])
TEST = requirements(*PROJECT["project"]["optional-dependencies"]["test"])
BUILD = requirements(*PROJECT["build-system"]["requires"])
ALL = RUNTIME | TEST | BUILD

# An entry of the lock is a pin, then one line for each hash.
ENTRIES = [entry.replace("\\\n", " ") for entry in re.split(r"\n(?=\S)", LOCK.strip())]
PINS = [Requirement(entry.split(" --hash=")[0].strip()) for entry in ENTRIES]


def pins(name: str, python: str) -> list[str]:
    """The versions that the lock holds for this package on this Python."""
    here = {"python_version": ".".join(python.split(".")[:2]), "python_full_version": python}
    return [
        next(iter(pin.specifier)).version
        for pin in PINS
        if canonicalize_name(pin.name) == name and (pin.marker is None or pin.marker.evaluate(here))
    ]


def test_no_package_is_required_twice():
    lists = [RUNTIME, TEST, BUILD]
    assert sum(map(len, lists)) == len(ALL)
    stated = PROJECT["project"]["dependencies"] + PROJECT["project"]["optional-dependencies"]["test"]
    assert len(stated) + len(PROJECT["build-system"]["requires"]) == len(ALL)


def test_every_range_has_a_lower_and_an_upper_bound():
    # without them the conda environment, which has no lock, may be solved to versions nobody has tried
    operators = {name: {each.operator for each in requirement.specifier} for name, requirement in ALL.items()}
    assert not {name: found for name, found in operators.items() if found != {">=", "<"}}


def test_conda_environment_lists_the_same_packages_and_ranges():
    listed = requirements(*(line for line in CONDA["dependencies"] if isinstance(line, str)))
    assert listed.pop("python").specifier == SpecifierSet(PROJECT["project"]["requires-python"])
    assert not listed.pop("pip").specifier
    expected = {canonicalize_name(CONDA_NAMES.get(name, name)): each.specifier for name, each in ALL.items()}
    assert {name: each.specifier for name, each in listed.items()} == expected


def test_conda_environment_spells_names_as_conda_forge_does():
    # conda-forge, unlike the Python index, does not take jupyter-client for jupyter_client
    listed = {line.split()[0] for line in CONDA["dependencies"] if isinstance(line, str)}
    assert set(CONDA_NAMES.values()) <= listed


def test_conda_environment_takes_nothing_from_elsewhere():
    assert CONDA["channels"] == ["conda-forge", "nodefaults"]
    assert [line for line in CONDA["dependencies"] if isinstance(line, dict)] == [{"pip": ["-e ."]}]


def test_the_supported_pythons_are_those_of_the_tests_and_the_classifiers():
    supported = SpecifierSet(PROJECT["project"]["requires-python"])
    assert [python for python in PYTHONS if python in supported] == PYTHONS
    assert not [python for python in ("3.10.20", "3.14.0") if python in supported]
    named = {line.split(" :: ")[-1] for line in PROJECT["project"]["classifiers"] if "Python :: 3." in line}
    assert named == {python.rsplit(".", 1)[0] for python in PYTHONS}


@pytest.mark.parametrize("python", PYTHONS)
def test_every_requirement_has_one_pin_within_its_range(python):
    found = {name: pins(name, python) for name in ALL}
    assert not {name: held for name, held in found.items() if len(held) != 1}
    assert not {name: held for name, held in found.items() if held[0] not in ALL[name].specifier}


@pytest.mark.parametrize("python", PYTHONS)
def test_no_package_is_pinned_twice_for_one_python(python):
    names = {canonicalize_name(pin.name) for pin in PINS}
    assert not {name: found for name in names if len(found := pins(name, python)) > 1}


def test_every_entry_of_the_lock_is_one_version_with_hashes():
    wrong = []
    for entry in ENTRIES:
        pin, *hashes = entry.split(" --hash=")
        pinned = [each.operator for each in Requirement(pin.strip()).specifier] == ["=="]
        hashed = hashes and all(re.fullmatch(r"sha256:[0-9a-f]{64}", each.strip()) for each in hashes)
        if not (pinned and hashed):
            wrong.append(pin)
    assert not wrong
    assert len(ENTRIES) > len(ALL)


@pytest.mark.parametrize("address", ["://", "--index", "--extra-index", "--find-links", "--trusted", "@", "#"])
def test_the_lock_does_not_say_where_packages_come_from(address):
    # an address in it would send everyone to the mirror of whoever made the lock
    assert address not in LOCK


def installed_closure(wanted: dict[str, Requirement]) -> dict[str, importlib.metadata.Distribution]:
    """Every distribution that these requirements bring here, by following what each one says it requires."""
    found = {}
    waiting = [(each, frozenset()) for each in wanted.values()]
    seen = set()
    while waiting:
        requirement, extras_of_parent = waiting.pop()
        if requirement.marker is not None and not any(
            requirement.marker.evaluate({**default_environment(), "extra": extra}) for extra in extras_of_parent or {""}
        ):
            continue
        name, extras = canonicalize_name(requirement.name), frozenset(requirement.extras)
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        found[name] = importlib.metadata.distribution(name)
        waiting += [(Requirement(line), extras) for line in found[name].requires or []]
    return found


def licence(distribution: importlib.metadata.Distribution) -> str:
    """What a distribution says of its licence: the expression, else the classifiers, else a short free text.

    The full licence texts that some put into their metadata also quote the licences of bundled parts, such as the
    GCC runtime, whose exception is what allows the bundling; they are not read for that reason.
    """
    about = distribution.metadata
    classifiers = [line for line in about.get_all("Classifier", []) if line.startswith("License ::")]
    text = about.get("License") or ""
    return about.get("License-Expression") or "; ".join(classifiers) or text.strip().split("\n")[0]


def test_nothing_at_run_time_is_gpl_or_lgpl():
    said = {name: licence(each) for name, each in installed_closure(RUNTIME).items()}
    assert len(said) > len(RUNTIME)
    copyleft = {name: text for name, text in said.items() if COPYLEFT.search(text)}
    assert set(copyleft) - set(ACCEPTED_COPYLEFT) == set(), f"not permissive: {copyleft}"
    assert not [text for text in copyleft.values() if re.search("GPL|General Public", text, re.I)]
    unclear = {name: text for name, text in said.items() if name not in copyleft and not PERMISSIVE.search(text)}
    assert not unclear, f"no licence known to be permissive: {unclear}"


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("LGPL-3.0-or-later", True),
        ("License :: OSI Approved :: GNU General Public License v3 (GPLv3)", True),
        ("MPL-2.0 AND MIT", True),
        ("BSD-3-Clause AND 0BSD AND Zlib", False),
        ("Apache-2.0 OR BSD-2-Clause", False),
    ],
)
def test_the_licence_test_knows_copyleft_when_it_sees_it(text, refused):
    assert bool(COPYLEFT.search(text)) is refused
    assert PERMISSIVE.search(text) or refused


def imported(folder: str) -> set[str]:
    """Top-level names of everything that the files in this folder import."""
    names = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                names.add(node.module.split(".")[0])
    return names - sys.stdlib_module_names - {"analysis", "benchmarks", "tests"}


@pytest.mark.parametrize(("folder", "declared"), [("analysis", RUNTIME), ("tests", RUNTIME | TEST)])
def test_what_is_imported_is_required(folder, declared):
    # a package that is there only because another one brings it may be gone with that one's next release
    owners = importlib.metadata.packages_distributions()
    undeclared = {
        name
        for name in imported(folder)
        if not {canonicalize_name(owner) for owner in owners.get(name, [])} & set(declared)
    }
    assert not undeclared


def test_one_version_number_everywhere():
    version = PROJECT["project"]["version"]
    assert importlib.metadata.version("attack-timing") == version
    assert yaml.safe_load((ROOT / "CITATION.cff").read_text())["version"] == version
    newest = re.search(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(), re.M)
    assert newest[1] == version
