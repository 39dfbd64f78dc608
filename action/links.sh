#!/usr/bin/env bash
# Opens, updates or closes the issue about links that can't be reached. LYCHEE_STATUS is the exit status of the link
# checker, which writes build/links.md.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=action/api.sh
. "$here/api.sh"
title="Links that can't be reached"

# GitHub refuses texts of more than 65,536 characters
text=$(jq --null-input --arg title "$title" --rawfile body build/links.md \
  '{title: $title, labels: ["broken links"], body: $body[:60000]}')
open=$(api GET "issues?state=open&labels=broken%20links&per_page=100")
number=$(jq --raw-output --arg title "$title" \
  'map(select(.title == $title and (has("pull_request") | not))) | .[0].number // empty' <<<"$open")
if [ "$LYCHEE_STATUS" = 0 ]; then
  if [ -n "$number" ]; then
    api PATCH "issues/$number" '{"state": "closed", "state_reason": "completed"}' >/dev/null
    echo "closed issue #$number"
  fi
elif [ -z "$number" ]; then
  echo "opened issue #$(api POST issues "$text" | jq .number)"
else
  api PATCH "issues/$number" "$(jq '{body}' <<<"$text")" >/dev/null
  echo "updated issue #$number"
fi
