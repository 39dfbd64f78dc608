#!/usr/bin/env bash
# Checks a pull request: prints all problems as annotations, builds the site, and adds the list of changed pages to the
# summary of the run. CONTRIBUTION is a folder with a checkout of the pull request. Only its content is used.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

if [ -n "${CONTRIBUTION:-}" ]; then
  python -I "$here/contribution" "$CONTRIBUTION"
  if ! cmp -s mkdocs.yml "$CONTRIBUTION/mkdocs.yml"; then
    echo "::notice file=mkdocs.yml::This check uses mkdocs.yml of the default branch. A new page that it doesn't list in" \
      "nav is reported until a maintainer adds it there."
  fi
fi
status=0
mlguide check --strict --format "${FORMAT:-github}" || status=$?
if [ "$status" = 1 ]; then
  # open conflicts of imports are only shown, because the pull request may be about something else
  mlguide check --format json 2>/dev/null | python -I -c 'import json, sys
sys.exit(any(one["severity"] != "hint" and not one.get("conflict") for one in json.load(sys.stdin)))' &&
    status=0
fi

before=$(mktemp)
python -I "$here/changed_pages.py" list site >"$before"
if [ -f build/addresses ]; then
  { read -r MLGUIDE_SITE_URL && read -r MLGUIDE_EDIT_URL; } <build/addresses || true
  export MLGUIDE_SITE_URL MLGUIDE_EDIT_URL
fi
if mlguide build --strict; then
  python -I "$here/changed_pages.py" compare site "$before" >>"${GITHUB_STEP_SUMMARY:-/dev/stdout}"
else
  status=1
  # the folder has the last build of the default branch
  rm -rf site
  printf '## Pages\n\nThe site was not built.\n' >>"${GITHUB_STEP_SUMMARY:-/dev/stdout}"
fi
rm "$before"
exit "$status"
