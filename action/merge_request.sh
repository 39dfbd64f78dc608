#!/usr/bin/env bash
# Commits all changes of the checkout to a branch of a GitLab project, and opens a merge request by push options:
#   merge_request.sh BRANCH TITLE FILE
# FILE has the description of the merge request. Later runs update the branch and its merge request. MLGUIDE_TOKEN is a
# project access token; without it, the job token must be allowed to push. If an import failed (see sync.sh), this script
# fails in the end, too.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=action/branch.sh
. "$here/branch.sh"
export BOT=mlguide BOT_MAIL="mlguide@noreply.$CI_SERVER_HOST" GITHUB_SERVER_URL=$CI_SERVER_URL TOKEN=${MLGUIDE_TOKEN:-}

[ -f "$3" ] || exit 0
# GitLab reads "\n" in a push option as a new line, so an invisible space separates the two characters in the text
text=$(<"$3")
text=${text//\\n/\\$'\xe2\x80\x8b'n}
status=0
# the description is not in the commit message, because GitLab acts on references and keywords in messages
push_branch "$1" "$2" --push-option merge_request.create --push-option "merge_request.description=${text//$'\n'/\\n}" \
  --push-option "merge_request.target=$CI_DEFAULT_BRANCH" --push-option "merge_request.title=$2" \
  --push-option merge_request.remove_source_branch || status=$?
[ "$status" = 3 ] || [ "$status" = 0 ] || exit "$status"
failed=$(dirname "$3")/status
[ ! -f "$failed" ] || exit "$(<"$failed")"
