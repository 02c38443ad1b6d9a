#!/usr/bin/env bash
# Makes the virtual environment `.venv` with everything that uv.lock pins. Usage: infra/setup.sh [python]
# Bytecode is compiled here once: where the environment forbids Python to write it, each process would compile anew.
set -euo pipefail
python=${1:-python3}
cd "$(dirname "$0")/.."

"$python" -c 'import sys; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)))' 2>/dev/null || {
    echo "Python 3.11 or 3.12 is needed ('$python' is not): install the package python3.11 and run 'make PYTHON=python3.11 ...'." >&2
    exit 1
}
"$python" -c 'import venv, ensurepip' 2>/dev/null || {
    echo "Python's venv module is missing: install the package python3-venv." >&2
    exit 1
}
[ -x .venv/bin/python ] || "$python" -m venv .venv
uv=$(sed -n 's/.*"uv==\([0-9.]*\)".*/\1/p' pyproject.toml)
.venv/bin/python -m pip install --quiet --disable-pip-version-check "uv==$uv"
.venv/bin/uv sync --quiet --frozen --compile-bytecode
