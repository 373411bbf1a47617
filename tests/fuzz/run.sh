#!/usr/bin/env bash
# Lets libFuzzer look for findings: run.sh BUILD SECONDS, so many seconds for each target. What it learns goes to
# BUILD/corpus/NAME, findings to BUILD/findings; a finding that is fixed belongs into tests/corpus/NAME.
set -euo pipefail
build=$1
seconds=$2
export UBSAN_OPTIONS=print_stacktrace=1
failures=0
mkdir -p "$build/findings"
for source in tests/fuzz/fuzz_*.c; do
  target=$build/${source%.c}
  [ -f "$target" ] || continue
  name=$(basename "$target")
  name=${name#fuzz_}
  mkdir -p "$build/corpus/$name" "tests/corpus/$name"
  echo "fuzz: $name for $seconds s"
  "$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=0 -verbosity=0 \
    -artifact_prefix="$build/findings/$name-" "$build/corpus/$name" "tests/corpus/$name" || failures=$((failures + 1))
done
echo "fuzz: $failures targets with findings in $build/findings"
[ "$failures" = 0 ]
