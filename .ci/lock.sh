#!/usr/bin/env bash
# Remakes requirements.lock from pyproject.toml: one file for all supported Pythons and systems, every version pinned,
# every archive with its sha256, and no word about where packages come from.
#
#   lock.sh TOOL_FOLDER [FLAG ...]
#
# Pins that still fit are kept; flags go to the resolver, for example --upgrade or --upgrade-package numpy.
set -euo pipefail
cd "$(dirname "$0")/.."
tool=$1
shift

# The resolver is a tool of whoever remakes the lock, not a requirement: it has an environment of its own.
if ! "$tool/bin/uv" --version >/dev/null 2>&1; then
    echo "Making $tool for the resolver"
    "$(.ci/find-python.sh)" -m venv --clear "$tool"
    "$tool/bin/python" -m pip --disable-pip-version-check install --quiet --only-binary :all: 'uv>=0.8,<1'
fi

new=$(mktemp)
backend=$(mktemp)
trap 'rm -f "$new" "$backend"' EXIT
if [ -e requirements.lock ]; then cp requirements.lock "$new"; fi

# The build backend is locked with the rest, so that the package installs without build isolation.
"$tool/bin/python" -c '
import tomllib
with open("pyproject.toml", "rb") as file:
    print(*tomllib.load(file)["build-system"]["requires"], sep="\n")
' >"$backend"

read -r lowest _ <<<"$(.ci/find-python.sh --range)"
"$tool/bin/uv" pip compile pyproject.toml "$backend" --extra test --output-file "$new" \
    --universal --python-version "3.$lowest" --generate-hashes \
    --no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet "$@"

if grep -nE '://|^ *-(-index|-extra|-find|i |f )' "$new"; then
    echo "The lock names an address, see above: left as it was." >&2
    exit 1
fi
cat "$new" >requirements.lock
echo "requirements.lock: $(grep -c '==' requirements.lock) pins"
