#!/usr/bin/env bash
# Checks a pull request: prints all problems as annotations, builds the site, and adds the list of changed pages to the
# summary of the run. CONTRIBUTION is a folder with a checkout of the pull request. Only its content is used.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

if [ -n "${CONTRIBUTION:-}" ]; then
  python -I "$here/contribution" "$CONTRIBUTION"
fi
status=0
mlguide check --strict --format "${FORMAT:-github}" || status=$?

before=$(mktemp)
python -I "$here/changed_pages.py" list site >"$before"
if [ -f build/addresses ]; then
  { read -r MLGUIDE_SITE_URL && read -r MLGUIDE_EDIT_URL; } <build/addresses || true
  export MLGUIDE_SITE_URL MLGUIDE_EDIT_URL
fi
mlguide build --strict || status=1
python -I "$here/changed_pages.py" compare site "$before" >>"${GITHUB_STEP_SUMMARY:-/dev/stdout}"
rm "$before"
exit "$status"
