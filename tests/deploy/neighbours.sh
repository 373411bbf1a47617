#!/usr/bin/env bash
# stanced among the programs around it, on one real broker that asks who you are (secured.sh): neighbours.sh BUILD [SCRIPT...].
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 2
build=$1
shift
. tests/deploy/secured.sh
passed=0 failed=0 skipped=0
[ $# -gt 0 ] || set -- first_use.py postgresql.sh clickhouse.py search.sh connect.sh registry.sh readme.py
for script in "$@"; do
  said=$(timeout 1800 "tests/deploy/$script" "$build" 2>&1)
  status=$?
  read -r good bad left < <(tail -n 1 <<<"$said" | grep -oE '[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' | tr -dc '0-9 ')
  [ -n "${good:-}" ] && { [ $status = 0 ] || [ "$bad" -gt 0 ]; } || good=0 bad=1 left=0
  passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + left))
  printf '%-9s %s, %d s\n' "$([ "$bad" = 0 ] && echo ok || echo FAILED)" "$script" $SECONDS
  [ "$bad" = 0 ] || tail -n 40 <<<"$said"
done
echo "neighbours: $passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
