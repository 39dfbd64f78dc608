#!/usr/bin/env bash
# Commits all changes of the checkout to a branch, and opens or updates one pull request:
#   pull_request.sh BRANCH TITLE FILE
# FILE has the text of the pull request. AUTHOR ("Name <address>") is the author of the commit; default: the bot. If
# nothing changed, the script does nothing. The script replaces its own commit on the branch. If another person has
# committed to the branch, the script changes nothing and fails. The output "number" is the number of the pull request.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=action/api.sh
. "$here/api.sh"
branch=$1 title=$2 file=$3 base=$GITHUB_REF_NAME
bot="github-actions[bot]"
mail="41898282+github-actions[bot]@users.noreply.github.com"

git add --all
if git diff --cached --quiet; then
  echo "nothing changed"
  exit 0
fi
git -c "user.name=$bot" -c "user.email=$mail" commit --quiet --no-verify --no-gpg-sign \
  --author "${AUTHOR:-$bot <$mail>}" --message "$title"

known=""
if git_with_token fetch --quiet --depth 2 origin "+refs/heads/$branch:refs/mlguide/last" 2>/dev/null; then
  known=$(git rev-parse refs/mlguide/last)
  if [ "$(git log -1 --format=%ce "$known")" != "$mail" ]; then
    echo "::error::the branch $branch has commits of another person; merge or delete the branch, then run again"
    exit 1
  fi
fi
# the commit is new in each run, even if it has the same parent and the same files
if [ -z "$known" ] || [ "$(git rev-parse "$known^" "$known^{tree}")" != "$(git rev-parse "HEAD^" "HEAD^{tree}")" ]; then
  git_with_token push --quiet --force-with-lease="refs/heads/$branch:$known" origin "HEAD:refs/heads/$branch"
  echo "pushed $branch"
fi

text=$(jq --null-input --arg title "$title" --arg head "$branch" --arg base "$base" --rawfile body "$file" \
  '{title: $title, head: $head, base: $base, body: $body}')
open=$(api GET "pulls?state=open&base=$base&head=${GITHUB_REPOSITORY%%/*}:$branch")
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
