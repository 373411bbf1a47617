#!/usr/bin/env bash
# `stanced demo --once` as a stranger runs it: demo.sh BUILD. Every sample comes back from the output topics, the broken ones as
# dead letters, each with the code that tests/cases/demo/README.md promises.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 2
build=$1
out=$(mktemp)
trap 'rm -f "$out"' EXIT
failed=0
expect() { grep -qE -- "$1" "$out" || { echo "demo.sh: not in the output: $1"; failed=1; }; }

COLUMNS=120 "$build/stanced" demo --once --pace 20 tests/cases/demo >"$out" 2>&1 || { echo "demo.sh: exit status $?"; failed=1; }
articles=$(find tests/cases/demo -maxdepth 1 -type f ! -name README.md | wc -l)
broken=$(find tests/cases/demo/broken -type f | wc -l)
expect "^$articles articles, [0-9]+ entities, [0-9]+ stances, $broken dead letters \("
for code in $(sed -nE 's/^\| [0-9]+ .*\| `([a-z.]+)` \|$/\1/p' tests/cases/demo/README.md | sort -u); do
  expect "[(,] ?${code//./\\.} [0-9]+"
done
expect ' → .* (for|against) +[01]\.[0-9][0-9]  '
if grep -q $'\033' "$out"; then echo "demo.sh: colours although this is no terminal"; failed=1; fi
[ $failed = 0 ] || tail -n 20 "$out"
exit $failed
