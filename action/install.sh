#!/usr/bin/env bash
# Installs mlguide from the checkout that contains this script. All packages are pinned by hashes. Other packages that the
# root names in requirements.txt, such as MkDocs plugins, are installed too, unless PROGRAM_ONLY is true.
set -euo pipefail
program=$(cd "$(dirname "$0")/.." && pwd)

pip() { python -m pip --disable-pip-version-check --quiet "$@"; }
pip install --require-hashes --requirement "$program/action/requirements.lock"
pip install --no-deps --no-build-isolation "$program"
if [ "${PROGRAM_ONLY:-}" != true ] && [ -f requirements.txt ] && [ "$PWD" != "$program" ]; then
  others=$(mktemp)
  grep -vE '^mlguide *[@=<>~!]' requirements.txt >"$others" || true
  pip install --requirement "$others"
  rm "$others"
fi
