#!/usr/bin/env bash
# Commits all changes of the checkout to a branch of a GitLab project, and opens a merge request by push options:
#   merge_request.sh BRANCH TITLE FILE
# The message of the commit contains the text in FILE. Later runs update the branch and its merge request. MLGUIDE_TOKEN
# is a project access token; without it, the job token must be allowed to push.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=action/branch.sh
. "$here/branch.sh"
export BOT=mlguide BOT_MAIL="mlguide@noreply.$CI_SERVER_HOST" GITHUB_SERVER_URL=$CI_SERVER_URL TOKEN=${MLGUIDE_TOKEN:-}

[ -f "$3" ] || exit 0
status=0
push_branch "$1" "$2"$'\n\n'"$(cat "$3")" --push-option merge_request.create \
  --push-option "merge_request.target=$CI_DEFAULT_BRANCH" --push-option "merge_request.title=$2" \
  --push-option merge_request.remove_source_branch || status=$?
exit $((status == 3 ? 0 : status))
