#!/usr/bin/env bash
# Runs the suites over what was built in BUILD and sums them up: run.sh BUILD [SUITE...]
#   unit      Criterion programs          tests/unit/**/test_*.c
#   stress    plain programs              tests/stress/*.c
#   replay    fuzz targets, their corpus  tests/fuzz/fuzz_*.c
#   layers    who includes whom           tests/layers.sh
#   scripts   tests/unit/**/test_*.py and tests/embedded/*.sh, *.py
#   arm       the kernels under qemu      tests/arm/run.sh (only when named)
#   kafka     against a real broker       tests/kafka/run.sh (only when named)
#   web       the pages in Chromium       tests/web/page.py (only when named)
#   deploy    what lies in deploy/        tests/deploy/manifests.sh, package.sh (only when named)
#   prometheus  alerts and dashboard      tests/deploy/prometheus.py (only when named)
#   neighbours  on a real broker          tests/deploy/neighbours.sh (only when named)
#   readme      every command of it       tests/deploy/neighbours.sh readme.py (only when named)
# A script gets BUILD as its argument, runs in the repository's root, and counts as one test (exit 0 passed, 77 skipped)
# or as many as its last line "... N passed, N failed, N skipped" says. The last line of the output is that of all
# suites together; where RESULTS names a file, the counts are added to it instead, for .ci/run to sum up.
# Programs run side by side (TEST_JOBS at a time, 6 where not said: many only wait), the slow scripts first; what they said
# is printed in order at the end.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 2
build=$1
shift
suites=${*:-scripts unit stress replay layers}
logs=$build/test-logs
limit_s=${TEST_LIMIT_S:-300}
# Debian's, whose modules setup.sh installs, before any other in PATH.
PYTHON=${PYTHON:-$(PATH=/usr/bin:$PATH command -v python3)}
export PYTHON
passed=0 failed=0 skipped=0
at_once=${TEST_JOBS:-6}
rm -rf "$logs"
mkdir -p "$logs"
export TSAN_OPTIONS="halt_on_error=1:exitcode=66"

# What a suite says of its own numbers is put differently, so that the closing line is the only one of its form.
rephrase() { sed -u -E 's/([0-9]+) passed, ([0-9]+) failed, ([0-9]+) skipped/\1 good, \2 bad, \3 left out/; s/^/    /'; }

count() { # passed failed skipped name log
  passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3))
  if [ "$2" -gt 0 ]; then
    echo "FAILED    $4 ($2 of $(($1 + $2 + $3))), log in $5"
    [ "$4" = kafka ] || grep -v '^\[----\] *$' "$5" | tail -n 40 | rephrase
  else
    printf 'ok        %-40s %4d%s\n' "$4" "$1" "$([ "$3" -gt 0 ] && echo ", $3 left out")"
  fi
}

# A job is one program. It leaves its counts and the name of its log in NAME.counts; what the sanitizers find goes to a folder
# of its own (Criterion counts a test that leaks as passed: the sanitizer's logs decide).
jobs=()
start() { # name how command...
  local name=$1 slug how=$2
  slug=$(tr / - <<<"$name")
  shift 2
  jobs+=("$name")
  while [ "$(jobs -rp | wc -l)" -ge "$at_once" ]; do wait -n; done
  (
    log=$logs/$slug.log found=$logs/$slug.sanitizer
    mkdir -p "$found"
    at=$found && [ "${found#/}" != "$found" ] || at=$PWD/$found
    export ASAN_OPTIONS="detect_leaks=1:strict_string_checks=1:log_path=$at/asan" UBSAN_OPTIONS="print_stacktrace=1:log_path=$at/ubsan"
    "$how" "$@" >"$logs/$slug.counts"
  ) &
}

report() { # name
  local slug good=0 bad=1 left=0 log finding
  slug=$(tr / - <<<"$1")
  log=$logs/$slug.log
  read -r good bad left <"$logs/$slug.counts" || echo "left no counts" >>"$log"
  count "$good" "$bad" "$left" "$1" "$log"
  compgen -G "$logs/$slug.sanitizer/*" >/dev/null || return 0
  for finding in "$logs/$slug.sanitizer"/*; do sed '/^Shadow bytes/,/ABORTING/d' "$finding"; done >"$logs/$slug-sanitizer.log"
  count 0 1 0 "$1 (sanitizer)" "$logs/$slug-sanitizer.log"
}

# Both ways of running print "good bad left"; $log is the job's.
with_criterion() { # program
  local tap=$log.tap
  (timeout "$limit_s" "$1" --color=never --tap="$tap") >"$log" 2>&1
  local status=$? good=0 bad=0 left=0
  if [ -s "$tap" ]; then
    left=$(grep -c '^ok .*# SKIP' "$tap")
    good=$(($(grep -c '^ok ' "$tap") - left))
    bad=$(grep -c '^not ok ' "$tap")
  fi
  if [ "$bad" = 0 ] && { [ "$status" != 0 ] || [ $((good + left)) = 0 ]; }; then
    echo "exit status $status" >>"$log"
    bad=1
  fi
  echo "$good $bad $left"
}

plainly() { # command...
  local status
  (timeout "$limit_s" "$@") >"$log" 2>&1 # in a subshell, which says "Aborted" there, not here
  status=$?
  judge "$status"
}

# Minutes: shown as it goes.
in_sight() { # command...
  timeout "$limit_s" "$@" 2>&1 | tee "$log" | rephrase >&2
  judge "${PIPESTATUS[0]}"
}

judge() { # status
  local line
  line=$(tail -n 1 "$log" | grep -aoE '[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' | tr -dc '0-9 ')
  if [ "$1" = 77 ]; then
    echo 0 0 1
  elif [ -n "$line" ]; then
    awk -v status="$1" '{print $1, (status != 0 && $2 == 0 ? 1 : $2), $3}' <<<"$line"
  elif [ "$1" = 0 ]; then
    echo 1 0 0
  else
    echo "exit status $1" >>"$log"
    echo 0 1 0
  fi
}

# The programs built from sources that match; a source whose program is missing is a failure.
programs() { # find arguments...
  find "$@" 2>/dev/null | sort | sed -e 's/\.c$//' -e "s|^|$build/|"
}

run_suite() {
  local program name script
  case $1 in
    unit) for program in $(programs tests/unit -name 'test_*.c'); do start "${program#"$build"/tests/}" with_criterion "$program"; done ;;
    stress) for program in $(programs tests/stress -name '*.c'); do start "stress/$(basename "$program")" plainly "$program"; done ;;
    replay)
      for program in $(programs tests/fuzz -name 'fuzz_*.c'); do
        name=$(basename "$program")
        name=${name#fuzz_}
        if [ -d "tests/corpus/$name" ]; then start "replay/$name" plainly "$program" "tests/corpus/$name"; else start "replay/$name" plainly "$program"; fi
      done
      ;;
    layers) start layers plainly tests/layers.sh ;;
    scripts)
      for script in $(find tests/unit -name 'test_*.py' 2>/dev/null | sort) $(find tests/embedded -maxdepth 1 \( -name '*.sh' -o -name '*.py' \) -perm -u+x 2>/dev/null | sort); do
        case $script in
          *.py) start "${script#tests/}" plainly "$PYTHON" "$script" "$build" ;;
          *) start "${script#tests/}" plainly "$script" "$build" ;;
        esac
      done
      ;;
    web) limit_s=600 && start web/page.py plainly "$PYTHON" tests/web/page.py "$build" ;;
    arm) start arm plainly tests/arm/run.sh "$build" ;;
    kafka)
      KAFKA_DIR=$build/kafka tests/kafka/broker.sh fetch # not within its time
      limit_s=1500 && start kafka in_sight tests/kafka/run.sh "$build"
      ;;
    deploy)
      limit_s=2400 at_once=1
      for script in tests/deploy/{manifests,package}.sh; do start "${script#tests/}" in_sight "$script" "$build"; done
      ;;
    prometheus) start deploy/prometheus plainly "$PYTHON" tests/deploy/prometheus.py "$build" ;;
    readme) limit_s=1800 && start deploy/readme in_sight tests/deploy/neighbours.sh "$build" readme.py ;;
    neighbours) limit_s=4200 && start deploy/neighbours in_sight tests/deploy/neighbours.sh "$build" ;;
    *)
      echo "run.sh: there is no suite $1" >&2
      exit 2
      ;;
  esac
}

for suite in $suites; do run_suite "$suite"; done
wait
for job in "${jobs[@]}"; do report "$job"; done
if [ -n "${RESULTS:-}" ]; then
  echo "$passed $failed $skipped" >>"$RESULTS"
  echo "sum       $build: $suites: $passed good, $failed bad, $skipped left out"
else
  echo "$passed passed, $failed failed, $skipped skipped"
fi
[ "$failed" = 0 ]
