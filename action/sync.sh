#!/usr/bin/env bash
# Imports all feeds that knowledge/series.yml names, and writes the report into $RUNNER_TEMP/report.md. FETCH lists the
# kinds of files to download. The output "status" is 0 unless the import of a feed failed.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

status=0
mlguide import --all --fetch "${FETCH:-}" --format json >"$RUNNER_TEMP/import.json" 2> >(tee "$RUNNER_TEMP/problems.txt" >&2) || status=$?
if [ ! -s "$RUNNER_TEMP/import.json" ]; then
  exit "$status"
fi
mlguide check --format json >"$RUNNER_TEMP/check.json" || true
python "$here/import_report.py" "$RUNNER_TEMP" >"$RUNNER_TEMP/report.md"
echo "status=$status" >>"${GITHUB_OUTPUT:-/dev/null}"
