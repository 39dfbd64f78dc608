#!/usr/bin/env bash
# Imports all feeds that knowledge/series.yml names, and writes the report into report.md in $RUNNER_TEMP (default: build).
# FETCH lists the kinds of files to download. The output "status", and a file of this name beside the report, is 0 unless
# an import failed.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=${RUNNER_TEMP:-build}

status=0
mlguide import --all --fetch "${FETCH:-}" --format json >"$folder/import.json" 2>"$folder/problems.txt" || status=$?
# the runner would read ##[…] in the text of a feed as a command
sed 's/##\[/# # [/g' "$folder/problems.txt" >&2
if [ ! -s "$folder/import.json" ]; then
  # a knowledge base without a feed has nothing to import
  grep -q ": no series has a feed" "$folder/problems.txt" || exit "$status"
  status=0
else
  mlguide check --format json >"$folder/check.json" || true
  python -I "$here/import_report.py" "$folder" >"$folder/report.md"
fi
echo "$status" >"$folder/status"
echo "status=$status" >>"${GITHUB_OUTPUT:-/dev/null}"
