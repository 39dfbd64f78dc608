# shellcheck shell=bash
# api METHOD PATH [JSON]: send a request about the repository to the REST API of GitHub, with the token in TOKEN. Prints
# the answer. If the status isn't 2xx, prints the status and the message on standard error, and fails.
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
