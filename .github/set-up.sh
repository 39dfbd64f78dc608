#!/usr/bin/env bash
# Publishes this knowledge base: commits and pushes it, switches on GitHub Pages, and lets workflows open pull requests.
# Run it once: bash .github/set-up.sh https://github.com/OWNER/REPOSITORY
# A clone of the repository needs no address. The script needs git, curl, and either GitHub's program gh or a token in the variable GITHUB_TOKEN.
set -euo pipefail
cd "$(dirname "$0")/.."
fail() {
  echo "$1" >&2
  exit 2
}

[ -d .git ] || git init --quiet --initial-branch main
address=$(git config --get remote.origin.url || true)
if [ -z "$address" ]; then
  [ $# -gt 0 ] ||
    fail "create an empty repository on GitHub, and run: bash .github/set-up.sh https://github.com/OWNER/REPOSITORY"
  address=$1
  git remote add origin "$address"
fi
host=$(sed -E 's|^[a-z+]*://||; s|^[^/@]*@||; s|[/:].*||; s/^(ssh\.)?github\.com(-.*)?$/github.com/' <<<"$address")
repository=$(sed -E 's|/$||; s|\.git$||; s|.*[/:]([^/:]+/[^/:]+)$|\1|' <<<"$address")
# the token goes to no other host
[ "$host" = github.com ] || [ "$host" = "${GH_HOST:-}" ] ||
  fail "$host is not GitHub; for a GitHub server of your own, set the variable GH_HOST to its name"
token=${GITHUB_TOKEN:-$(gh auth token --hostname "$host" 2>/dev/null || true)}
[ -n "$token" ] || fail "run \"gh auth login\", or set the variable GITHUB_TOKEN, and run this script again"
if [ "$host" = github.com ]; then api=https://api.github.com; else api=https://$host/api/v3; fi

# request PATH OPTIONS: send a request about the repository to the REST API
request() {
  curl --silent --show-error --max-time 60 --header "Accept: application/vnd.github+json" \
    --header @<(printf 'Authorization: Bearer %s\n' "$token") "${@:2}" "${GITHUB_API_URL:-$api}/repos/$repository/$1"
}

# change METHOD PATH JSON: print the status of a request that changes the repository
change() {
  request "$2" --request "$1" --data "$3" --output /dev/null --write-out '%{http_code}'
}

# push with the token in GITHUB_TOKEN. It is not an argument, because other processes can read arguments, and git sends
# it to no other host. Without GITHUB_TOKEN, git uses the credentials that it knows.
push() (
  if [ -n "${GITHUB_TOKEN:-}" ]; then
    at=${GIT_CONFIG_COUNT:-0}
    export GIT_TERMINAL_PROMPT=0 GIT_CONFIG_COUNT=$((at + 1))
    export "GIT_CONFIG_KEY_$at=http.${GITHUB_SERVER_URL:-https://$host}/.extraheader"
    export "GIT_CONFIG_VALUE_$at=AUTHORIZATION: basic $(printf 'x-access-token:%s' "$token" | base64 | tr -d '\n')"
  fi
  git push --quiet --set-upstream origin HEAD
)

git add --all
git diff --cached --quiet || git commit --quiet --message "Add the knowledge base"
push || fail "git push failed; if the scope \"workflow\" is missing, run \"gh auth refresh -s workflow\", and this script again"
status=$(change POST pages '{"build_type": "workflow"}')
# 409: the repository has Pages already
if [ "$status" = 409 ]; then status=$(change PUT pages '{"build_type": "workflow"}'); fi
[ "${status:0:1}" = 2 ] ||
  fail "GitHub Pages can't be switched on (status $status); see the repository's settings, under Pages"
status=$(change PUT actions/permissions/workflow \
  '{"default_workflow_permissions": "read", "can_approve_pull_request_reviews": true}')
[ "${status:0:1}" = 2 ] ||
  fail "workflows can't open pull requests (status $status); see the repository's settings, under Actions, General"
# a form can only set a label that the repository has; 422: the repository has the label already
for label in episode knowledge correction; do
  status=$(change POST labels "{\"name\": \"$label\"}")
  [ "${status:0:1}" = 2 ] || [ "$status" = 422 ] || fail "the label $label can't be added (status $status)"
done
site=$(request pages | grep -oE '"html_url": *"[^"[:cntrl:]]*"' | head -n 1 | cut -d '"' -f 4) || true
echo "$repository is pushed; the workflow \"publish\" publishes the site in a few minutes"
echo "site:      ${site:-see the settings of the repository, under Pages}"
echo "workflows: https://$host/$repository/actions"
