#!/usr/bin/env bash
# Makes the environment of the benchmarks: what the package needs, and beside it the peers it is timed against.
#
#   peers.sh FOLDER [PYTHON]
#
# Does nothing when it is there and whole. A peer that cannot be installed is named and does not stop the others: the
# benchmarks say in its row that it is absent, and the next call tries again.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=$1
python=$venv/bin/python
list=benchmarks/requirements-peers.txt
record=$venv/made-with-peers.txt
log=$venv/peers.log

# A new environment clears the folder, and with it the record of the peers in it.
.ci/environment.sh "$venv" "${2:-}"
if cmp --silent "$list" "$record"; then
    exit 0
fi

echo "Installing the peers into $venv (once; a minute or two)"
rm -f "$record"
: >"$log"
missing=
while IFS= read -r pin; do
    # Each alone, so that one that fails takes no other with it; what it needs is in the list before it.
    "$python" -m pip --disable-pip-version-check --no-input install --no-user --progress-bar off --prefer-binary \
        --no-deps --no-build-isolation "$pin" </dev/null >>"$log" 2>&1 || missing+=" $pin"
done < <(grep -v '^ *\(#\|$\)' "$list")

if [ -n "$missing" ]; then
    echo "Could not be installed (what pip said is in $log):$missing" >&2
    exit 0
fi
cp "$list" "$record"
