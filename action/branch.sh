# shellcheck shell=bash
# Functions for scripts that commit to a branch of the code host.

# with_token git ARGUMENTS: run git with the token in TOKEN, which isn't stored in the checkout and isn't an argument,
# because other processes can read arguments. Without TOKEN, git uses the address of the remote alone.
with_token() {
  local basic
  if [ -z "${TOKEN:-}" ]; then
    GIT_TERMINAL_PROMPT=0 "$@"
    return
  fi
  basic=$(printf 'x-access-token:%s' "$TOKEN" | base64 | tr -d '\n')
  GIT_TERMINAL_PROMPT=0 GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0="http.${GITHUB_SERVER_URL%/}/.extraheader" \
    GIT_CONFIG_VALUE_0="AUTHORIZATION: basic $basic" "$@"
}

# push_branch BRANCH MESSAGE [PUSH OPTIONS]: commit all changes of the checkout to a branch, and push the branch. BOT and
# BOT_MAIL are the committer, and AUTHOR ("Name <address>") is the author, by default the committer. The commit replaces
# the last commit of the bot on the branch. If another person has committed to the branch, nothing is pushed. Returns 0 if
# the branch has the changes, 1 for an error, and 3 if nothing changed.
push_branch() {
  local branch=$1 message=$2 known=""
  shift 2
  git add --all
  if git diff --cached --quiet; then
    echo "nothing changed"
    return 3
  fi
  git -c "user.name=$BOT" -c "user.email=$BOT_MAIL" commit --quiet --no-verify --no-gpg-sign \
    --author "${AUTHOR:-$BOT <$BOT_MAIL>}" --message "$message" || return 1
  if with_token git fetch --quiet --depth 2 origin "+refs/heads/$branch:refs/mlguide/last" 2>/dev/null; then
    known=$(git rev-parse refs/mlguide/last)
    if [ "$(git log -1 --format=%ce "$known")" != "$BOT_MAIL" ]; then
      echo "::error::the branch $branch has commits of another person; merge or delete the branch, then run again"
      return 1
    fi
  fi
  # every run makes a new commit, even if it has the same parent and the same files as the last one
  if [ -n "$known" ] && [ "$(git rev-parse "$known^" "$known^{tree}")" = "$(git rev-parse "HEAD^" "HEAD^{tree}")" ]; then
    echo "$branch is up to date"
    return 0
  fi
  with_token git push --quiet "$@" --force-with-lease="refs/heads/$branch:$known" origin "HEAD:refs/heads/$branch" || return 1
  echo "pushed $branch"
}
