# shellcheck shell=bash
# Functions for scripts that use the REST API of the code host. TOKEN is the token of the job.

# api METHOD PATH [JSON]: send a request about this repository. Prints the answer, and fails if the status isn't 2xx.
api() {
  local answer status arguments=(--silent --show-error --max-time 60 --request "$1")
  if [ $# -gt 2 ]; then
    arguments+=(--data-binary @- --header "Content-Type: application/json")
  fi
  answer=$(mktemp)
  # the token is not an argument, because other processes can read arguments
  status=$(printf '%s' "${3:-}" | curl "${arguments[@]}" --header "Accept: application/vnd.github+json" \
    --header @<(printf 'Authorization: Bearer %s\n' "$TOKEN") --output "$answer" --write-out '%{http_code}' \
    "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY${2:+/$2}") || status=000
  if [ "${status:0:1}" != 2 ]; then
    echo "$1 ${2%%\?*}: status $status: $(jq --raw-output '.message? // empty' "$answer" 2>/dev/null | tr -d '\000-\037' | head -c 300)" >&2
    rm "$answer"
    return 1
  fi
  cat "$answer"
  rm "$answer"
}

# git_with_token ARGUMENTS: run git with the token, which isn't stored in the checkout.
git_with_token() {
  local basic
  basic=$(printf 'x-access-token:%s' "$TOKEN" | base64 | tr -d '\n')
  GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0="http.${GITHUB_SERVER_URL%/}/.extraheader" \
    GIT_CONFIG_VALUE_0="AUTHORIZATION: basic $basic" GIT_TERMINAL_PROMPT=0 git "$@"
}
