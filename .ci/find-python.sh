#!/usr/bin/env bash
# Prints the path of a Python that can run this project.
#
#   find-python.sh [CANDIDATE ...]
#   find-python.sh --range          prints the supported versions: the lowest minor one, and the first too new
#
# A candidate is a path or a name on PATH; without any, python3 is tried first and then every supported version by name,
# newest first. Where none fits, says on standard error why not and what to do, and exits with 1.
set -euo pipefail
cd "$(dirname "$0")/.."

# pyproject.toml is the one place that says which versions are supported.
read -r lowest beyond < <(
    sed -n 's/^requires-python *= *">=3\.\([0-9]*\),<3\.\([0-9]*\)".*/\1 \2/p' pyproject.toml
) || { echo "cannot read requires-python from pyproject.toml" >&2; exit 1; }
if [ "${1:-}" = --range ]; then
    echo "$lowest $beyond"
    exit 0
fi

# Prints "fits", a tab and the path, or one of the reasons why not. Kept readable for Python 2, so that an old one can
# say that it is old. An interpreter inside an environment answers with the one that the environment was made from: an
# environment must not be rebuilt by itself.
probe='
import sys
version = "Python %d.%d.%d" % sys.version_info[:3]
if sys.version_info[:2] < (3, int(sys.argv[1])):
    print("version\t" + version + ", too old")
elif sys.version_info[:2] >= (3, int(sys.argv[2])):
    print("version\t" + version + ", newer than this project has been tried with")
elif sys.implementation.name != "cpython":
    print("version\t" + version + " of " + sys.implementation.name + ", not CPython")
else:
    try:
        import ensurepip, venv
        print("fits\t" + getattr(sys, "_base_executable", sys.executable))
    except ImportError:
        print("venv\t" + version)
'

if [ $# -eq 0 ]; then
    set -- python3
    for ((minor = beyond - 1; minor >= lowest; minor--)); do
        set -- "$@" "python3.$minor"
    done
fi

tried=
without_venv=
for candidate in "$@"; do
    if ! path=$(command -v -- "$candidate"); then
        tried+="  $candidate: not found"$'\n'
    # A name on PATH may be a stub that starts nothing, as version managers leave them.
    elif ! answer=$("$path" -c "$probe" "$lowest" "$beyond" 2>&1); then
        answer=$(grep -m 1 . <<<"$answer") || answer="it says nothing"
        tried+="  $path: does not run ($answer)"$'\n'
    else
        case $answer in
        fits*) printf '%s\n' "${answer#*$'\t'}"; exit 0 ;;
        venv*)
            tried+="  $path: ${answer#*$'\t'}, but without the modules venv and ensurepip"$'\n'
            without_venv=${without_venv:-$("$path" -c 'import sys; print("%d.%d" % sys.version_info[:2])')} ;;
        *) tried+="  $path: ${answer#*$'\t'}"$'\n' ;;
        esac
    fi
done

{
    echo "No fitting Python found. CPython 3.$lowest to 3.$((beyond - 1)) with the modules venv and ensurepip is needed. Tried:"
    printf '%s' "$tried"
    echo "What to do:"
    if [ -n "$without_venv" ]; then
        echo "  - On Debian and Ubuntu the missing modules are a package of their own:"
        echo "      sudo apt install python3-venv          (or python$without_venv-venv)"
    fi
    echo "  - Install Python 3.$((beyond - 1)) with your system's package manager, from python.org, or with pyenv or conda."
    echo "  - If a fitting one is installed elsewhere, name it:  make report PYTHON=/path/to/python3.$((beyond - 1))"
} >&2
exit 1
