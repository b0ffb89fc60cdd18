#!/usr/bin/env bash
# Makes the environment that every other command runs in; does nothing when it is there and whole.
#
#   environment.sh FOLDER [PYTHON]
#
# What an environment was made from is written into it last. A first install that was broken off has no such record
# and is made again; so is one whose lock, interpreter or place has changed since.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=$1
asked=${2:-}
python=$venv/bin/python
record=$venv/made-from.txt
log=$venv/install.log

# What an environment made by this interpreter, here and now, is made from. The last line can change without a new
# environment: it asks only for the package itself to be installed again.
made_from() {
    "$1" -I -S -c '
import hashlib, os, sys
def fingerprint(name):
    with open(name, "rb") as file:
        return name + " " + hashlib.sha256(file.read()).hexdigest()
print("Python", sys.version.split()[0], "in", os.path.realpath(sys.base_prefix))
print("folder", os.path.realpath(sys.argv[1]))
print(fingerprint("requirements.lock"))
print(fingerprint("pyproject.toml"))
' "$venv"
}

# Runs pip, keeps what it says in the log, and shows enough of it to see that something happens.
pip_install() {
    local status=0 reason
    "$python" -m pip --disable-pip-version-check --no-input install --no-user --progress-bar off "$@" 2>&1 \
        | show_progress || status=$?
    if [ $status -ne 0 ]; then
        {
            echo
            echo "The installation failed or was broken off; pip said (all of it is in $log):"
            reason=$(sed -n '/^ *[Ee][Rr][Rr][Oo][Rr]/,$p' "$log" | head -n 20)
            sed 's/^/  /' <<<"${reason:-$(tail -n 3 "$log")}"
            echo "Mend the cause and call make again: it starts the installation afresh."
            echo "Packages come from where pip looks for them; a proxy or a mirror is set as for any other use of pip"
            echo "(its configuration file, or variables such as PIP_INDEX_URL and HTTPS_PROXY)."
        } >&2
        exit 1
    fi
}

show_progress() {
    local line fetched=0
    while IFS= read -r line; do
        printf '%s\n' "$line" >>"$log"
        case $line in
        Collecting* | "Processing "*" (from "*)
            fetched=$((fetched + 1))
            if [ $((fetched % 25)) -eq 0 ]; then echo "  $fetched packages fetched"; fi ;;
        "Installing collected"*)
            if [ $fetched -gt 1 ]; then echo "  $fetched packages fetched; unpacking them"; fi ;;
        WARNING:*Retrying*)
            echo "  $line" ;;
        esac
    done
}

old=$(cat "$record" 2>/dev/null) || old=
now=$(made_from "$python" 2>/dev/null) || now=
if [ -n "$asked" ]; then
    asked=$(.ci/find-python.sh "$asked")
    now=$(made_from "$asked")
fi
if [ -n "$old" ] && [ "$old" = "$now" ]; then
    exit 0
fi

# $'\n' and all after it cut off: the record without its last line.
if [ -z "$old" ] || [ "${old%$'\n'*}" != "${now%$'\n'*}" ]; then
    # Clearing a folder that is no environment could destroy someone's work.
    if [ -e "$venv" ] && [ ! -e "$venv/pyvenv.cfg" ] && [ -n "$(ls -A "$venv")" ]; then
        echo "$venv exists and is not a Python environment: move it away, or name another with VENV=..." >&2
        exit 1
    fi
    base=${asked:-$(.ci/find-python.sh)}
    echo "Making the environment $venv with $("$base" --version) (once; a minute or two)"
    rm -f "$record"
    if ! answer=$("$base" -m venv --clear "$venv" 2>&1); then
        {
            printf '%s\n' "$answer"
            echo "$base could not make the environment $venv. If its venv module is incomplete:"
            echo "on Debian and Ubuntu, sudo apt install python3-venv; or name another one with make report PYTHON=..."
        } >&2
        exit 1
    fi
    # Wheels only: what a source archive needs to be built is not in the lock, hence neither pinned nor checked.
    pip_install --require-hashes --only-binary :all: -r requirements.lock
fi
rm -f "$record"
echo "Installing the package itself into $venv"
# The build backend is in the lock, so that nothing is fetched here.
pip_install --no-deps --no-build-isolation --editable .
made_from "$python" >"$record.part"
mv "$record.part" "$record"
