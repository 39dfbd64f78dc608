#!/usr/bin/env bash
# Writes a comment on an issue, or updates the comment that an earlier run wrote:
#   answer.sh FILE [--update]
# FILE has the text. With --update, only an earlier comment is changed.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=action/api.sh
. "$here/api.sh"
number=$(jq '.issue.number | tonumber' "$GITHUB_EVENT_PATH")

# the first line marks the comment; another person's comment may have the same line
text=$(jq --null-input --rawfile text "$1" '{body: ("<!-- mlguide -->\n" + $text)}')
last=$(api GET "issues/$number/comments?per_page=100" | jq --compact-output \
  'map(select((.body | startswith("<!-- mlguide -->")) and .user.login == "github-actions[bot]")) | .[0] // empty')
if [ -z "$last" ]; then
  if [ "${2:-}" != --update ]; then
    api POST "issues/$number/comments" "$text" >/dev/null
    echo "answered on issue #$number"
  fi
elif [ "$(jq .body <<<"$last")" != "$(jq .body <<<"$text")" ]; then
  api PATCH "issues/comments/$(jq .id <<<"$last")" "$text" >/dev/null
  echo "updated the answer on issue #$number"
fi
