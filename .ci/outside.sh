#!/usr/bin/env bash
# Makes the environments of the tests that drive other people's programs: JupyterLab in a browser, jupyter-scheduler, Airflow.
#
#   outside.sh FOLDER AIRFLOW_FOLDER [PYTHON]
#
# The first holds what the package needs and beside it what tests/outside/requirements.txt lists. Airflow's own pins clash
# with the package's, so it has the second for itself and calls the first. Does nothing when both are there and whole. What
# cannot be installed is named and does not stop the rest: its tests are skipped with the reason, and the next call tries again.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=$1
airflow=$2
tests=tests/outside

# Installs a list into an environment, all of it or nothing, and says what it could not.
pip_list() {
    local venv=$1 list=$2 record=$1/made-with-outside.txt log=$1/outside.log
    if cmp --silent "$list" "$record"; then return; fi
    echo "Installing $list into $venv (once; half a minute)"
    rm -f "$record"
    if "$venv/bin/python" -m pip --disable-pip-version-check --no-input install --no-user --progress-bar off \
        --only-binary :all: --no-deps -r "$list" </dev/null >"$log" 2>&1; then
        cp "$list" "$record"
    else
        {
            echo "$list could not be installed; its tests are skipped. pip said (all of it is in $log):"
            grep '^ *ERROR' "$log" | head -n 5 | sed 's/^/  /' || true
        } >&2
    fi
}

# The environment of Airflow, made by the same Python as the other.
airflow_environment() {
    local base
    base=$(.ci/find-python.sh ${1:+"$1"})
    if [ "$(readlink -f "$airflow/bin/python" 2>/dev/null || true)" != "$(readlink -f "$base")" ]; then
        "$base" -m venv --clear "$airflow"
    fi
    pip_list "$airflow" "$tests/requirements-airflow.txt"
}

# Side by side: both are mostly unpacking.
airflow_environment "${3:-}" &
# A new environment clears the folder, and with it the record of what was in it.
.ci/environment.sh "$venv" "${3:-}"
pip_list "$venv" "$tests/requirements.txt"
wait "$!"
