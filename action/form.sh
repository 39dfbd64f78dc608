#!/usr/bin/env bash
# Creates an episode or an entry from the issue form in $GITHUB_EVENT_PATH. The text of the issue is only data: this
# script passes it in files, and has no token. The output "title" is the title of the pull request, whose text is in
# $RUNNER_TEMP/pull.md, and "author" is the author of its commit. If nothing was written, $RUNNER_TEMP/answer.md has the
# problems. The output "answer" is false if the issue isn't a completed form, or is a correction.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
issue() { jq --raw-output "$1" "$GITHUB_EVENT_PATH"; }
result="$RUNNER_TEMP/form.json"

number=$(issue '.issue.number | tonumber')
login=$(issue '.issue.user.login | select(test("\\A[A-Za-z0-9][A-Za-z0-9_-]{0,99}(\\[bot\\])?\\z"))')
id=$(issue '.issue.user.id | tonumber')
: "${login:?the name of the author is invalid}"
jq --join-output '.issue.body // ""' "$GITHUB_EVENT_PATH" >"$RUNNER_TEMP/form.md"

status=0
mlguide new --from-issue "$RUNNER_TEMP/form.md" --format json >"$result" 2>"$RUNNER_TEMP/problems.txt" || status=$?
# the runner would read ##[…] in the text of the form as a command
sed 's/##\[/# # [/g' "$RUNNER_TEMP/problems.txt" >&2
if [ "$status" -gt 1 ]; then
  exit "$status"
fi
path=$(jq --raw-output '.path // ""' "$result")
if [ -n "$path" ]; then
  slug=$(jq --raw-output .slug "$result")
  mlguide check --format json >"$RUNNER_TEMP/check.json" || true
  {
    printf '%s from the form in #%s.\n\n' "\`$path\`" "$number"
    python -I "$here/import_report.py" "$RUNNER_TEMP" "$path"
    printf '\nCloses #%s\n' "$number"
  } >"$RUNNER_TEMP/pull.md"
  {
    echo "title=Add $slug"
    echo "author=$login <$id+$login@users.noreply.github.com>"
  } >>"$GITHUB_OUTPUT"
elif [ -s "$result" ] && [ "$status" = 1 ]; then
  jq --raw-output '
    "The form can'\''t become a pull request yet. Edit the description of this issue:\n",
    (.problems[:20][] | "- **\(.field)**: `\(.text[:500] | gsub("[`\\r\\n]"; " "))`"),
    (.problems | length - 20 | select(. > 0) | "- and \(.) more")' "$result" >"$RUNNER_TEMP/answer.md"
else
  echo "answer=false" >>"$GITHUB_OUTPUT"
fi
