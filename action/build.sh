#!/usr/bin/env bash
# Builds the site, and adds the list of changed pages to the summary of the run.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

before=$(mktemp)
python -I "$here/changed_pages.py" list site >"$before"
# Anki updates the cards of a reader only if the deck is newer
if commit=$(git log -1 --format=%ct); then export MLGUIDE_COMMIT_TIME=$commit; fi
# each page has two links for editing, which a check of the links of the content leaves out
if [ "${COMMAND:-}" = links ]; then export MLGUIDE_EDIT_URL=; fi
mlguide build --strict
# a check of a pull request builds with the same addresses, so that only changed pages differ
printf '%s\n%s\n' "${MLGUIDE_SITE_URL:-}" "${MLGUIDE_EDIT_URL:-}" >build/addresses
python -I "$here/changed_pages.py" compare site "$before" >>"${GITHUB_STEP_SUMMARY:-/dev/stdout}"
rm "$before"
