#!/usr/bin/env bash
# Commits all changes of the checkout to a branch, and opens or updates one pull request:
#   pull_request.sh BRANCH TITLE FILE
# FILE has the text of the pull request. AUTHOR ("Name <address>") is the author of the commit; default: the bot. If
# nothing changed, the script does nothing. The output "number" is the number of the pull request.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=action/api.sh
. "$here/api.sh"
# shellcheck source=action/branch.sh
. "$here/branch.sh"
branch=$1 title=$2 file=$3 base=$GITHUB_REF_NAME
BOT="github-actions[bot]" BOT_MAIL="41898282+github-actions[bot]@users.noreply.github.com"

status=0
push_branch "$branch" "$title" || status=$?
if [ "$status" != 0 ]; then
  exit $((status == 3 ? 0 : 1))
fi
text=$(jq --null-input --arg title "$title" --arg head "$branch" --arg base "$base" --rawfile body "$file" \
  '{title: $title, head: $head, base: $base, body: $body}')
query=$(jq --null-input --raw-output --arg base "$base" --arg head "${GITHUB_REPOSITORY%%/*}:$branch" \
  '"state=open&base=\($base | @uri)&head=\($head | @uri)"')
open=$(api GET "pulls?$query")
number=$(jq --raw-output '.[0].number // empty' <<<"$open")
if [ -z "$number" ]; then
  if ! number=$(api POST pulls "$text" | jq --raw-output .number); then
    echo "::error::the branch $branch is pushed, but the pull request can't be opened; in the repository's settings, under" \
      "Actions, General, allow GitHub Actions to create pull requests, or open it yourself:" \
      "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/compare/$base...$branch?expand=1"
    exit 1
  fi
  echo "opened pull request #$number"
elif [ "$(jq '.[0] | {title, body}' <<<"$open")" != "$(jq '{title, body}' <<<"$text")" ]; then
  api PATCH "pulls/$number" "$(jq '{title, body}' <<<"$text")" >/dev/null
  echo "updated pull request #$number"
else
  echo "pull request #$number is up to date"
fi
echo "number=$number" >>"${GITHUB_OUTPUT:-/dev/null}"
