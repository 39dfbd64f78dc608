#!/usr/bin/env bash
# Opens, updates or closes the issue about links that can't be reached: links.sh FILE
# FILE is the report of the link checker. BROKEN_LINKS is the checker's exit status, 0 if no link is broken.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=action/api.sh
. "$here/api.sh"
title="Links that can't be reached"

# GitHub refuses texts of more than 65,536 characters
text=$(jq --null-input --arg title "$title" --rawfile body "$1" \
  '{title: $title, labels: ["broken links"], body: $body[:60000]}')
open=$(api GET "issues?state=open&labels=broken%20links&per_page=100")
number=$(jq --raw-output --arg title "$title" \
  'map(select(.title == $title and (has("pull_request") | not))) | .[0].number // empty' <<<"$open")
if [ "$BROKEN_LINKS" = 0 ]; then
  if [ -n "$number" ]; then
    api PATCH "issues/$number" '{"state": "closed", "state_reason": "completed"}' >/dev/null
    echo "closed issue #$number"
  fi
elif [ -z "$number" ]; then
  number=$(api POST issues "$text" | jq .number)
  echo "opened issue #$number"
else
  api PATCH "issues/$number" "$(jq '{body}' <<<"$text")" >/dev/null
  echo "updated issue #$number"
fi
