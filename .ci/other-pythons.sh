#!/usr/bin/env bash
# Runs the tests with every supported Python that this machine has, apart from the one of the main environment.
#
#   other-pythons.sh MAIN_FOLDER
#
# The slow tests, the pictures and the laws of each family look at statistics and not at the language: they are left to the
# main environment, and the published numbers and the examples of the pages stand for them. Interpreters are looked for on
# PATH and among pyenv's versions. One that is not there is skipped with the reason; one whose tests fail fails the whole,
# after the others have had their turn.
set -euo pipefail
cd "$(dirname "$0")/.."
main=$("$1/bin/python" -c 'import sys; print(sys.version_info.minor)')
read -r lowest beyond <<<"$(.ci/find-python.sh --range)"

tests=(tests/timeline tests/catalogue tests/processes tests/prose tests/runs tests/docs tests/test_*.py)
tests+=(tests/stats/*/test_reference.py)

failed=
for ((minor = lowest; minor < beyond; minor++)); do
    if [ "$minor" -eq "$main" ]; then
        echo "Python 3.$minor: tested in the main environment"
        continue
    fi
    candidates=("python3.$minor")
    for path in "${PYENV_ROOT:-${HOME:-}/.pyenv}/versions/3.$minor".*/bin/"python3.$minor"; do
        if [ -x "$path" ]; then candidates+=("$path"); fi
    done
    if ! python=$(.ci/find-python.sh "${candidates[@]}" 2>&1); then
        echo "Python 3.$minor: skipped, none found here that runs:"
        grep '^  [^-]' <<<"$python" | grep -v '^    ' || true
        continue
    fi
    echo "Python 3.$minor: $python"
    "${MAKE:-make}" pytest VENV=".venv-3.$minor" PYTHON="$python" PYTEST_MORE="-m 'not slow' ${tests[*]}" || failed+=" 3.$minor"
done

if [ -n "$failed" ]; then
    echo "Tests failed with Python$failed" >&2
    exit 1
fi
