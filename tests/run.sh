#!/usr/bin/env bash
# Runs the suites over what was built in BUILD and sums them up: run.sh BUILD [SUITE...]
#   unit      Criterion programs          tests/unit/**/test_*.c
#   stress    plain programs              tests/stress/*.c
#   replay    fuzz targets, their corpus  tests/fuzz/fuzz_*.c
#   layers    who includes whom           tests/layers.sh
#   scripts   tests/unit/**/test_*.py and tests/embedded/*.sh, *.py
#   kafka     against a real broker       tests/kafka/run.sh (only when named)
# A script gets BUILD as its argument, runs in the repository's root, and counts as one test (exit 0 passed, 77 skipped)
# or as many as its last line "... N passed, N failed, N skipped" says. The last line of the output is that of all
# suites together; where RESULTS names a file, the counts are added to it instead, for .ci/run to sum up.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 2
build=$1
shift
suites=${*:-unit stress replay layers scripts}
logs=$build/test-logs
limit_s=${TEST_LIMIT_S:-300}
# Debian's, whose modules setup.sh installs, before any other in PATH.
PYTHON=${PYTHON:-$(PATH=/usr/bin:$PATH command -v python3)}
export PYTHON
passed=0 failed=0 skipped=0
rm -rf "$logs"
mkdir -p "$logs/sanitizer"
# Criterion counts a test that leaks as passed: the sanitizer's logs decide.
export ASAN_OPTIONS="detect_leaks=1:strict_string_checks=1:log_path=$PWD/$logs/sanitizer/asan"
export UBSAN_OPTIONS="print_stacktrace=1:log_path=$PWD/$logs/sanitizer/ubsan"
export TSAN_OPTIONS="halt_on_error=1:exitcode=66"
[ "${build#/}" = "$build" ] || export ASAN_OPTIONS="${ASAN_OPTIONS/$PWD\//}" UBSAN_OPTIONS="${UBSAN_OPTIONS/$PWD\//}"

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

# Findings the sanitizers wrote since the last call, as one more failure of `name`.
count_findings() { # name
  local finding log
  log=$logs/$(tr / - <<<"$1")-sanitizer.log
  compgen -G "$logs/sanitizer/*" >/dev/null || return 0
  for finding in "$logs"/sanitizer/*; do sed '/^Shadow bytes/,/ABORTING/d' "$finding"; done >"$log"
  rm -f "$logs"/sanitizer/*
  count 0 1 0 "$1 (sanitizer)" "$log"
}

run_unit() { # program
  local name=${1#"$build"/tests/} log tap
  log=$logs/$(tr / - <<<"$name").log tap=$log.tap
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
  count "$good" "$bad" "$left" "$name" "$log"
  count_findings "$name"
}

run_program() { # name command...
  local name=$1 log status line
  log=$logs/$(tr / - <<<"$name").log
  shift
  if [ "$name" = kafka ]; then # minutes: shown as it goes
    timeout "$limit_s" "$@" 2>&1 | tee "$log" | rephrase
    status=${PIPESTATUS[0]}
  else
    (timeout "$limit_s" "$@") >"$log" 2>&1 # in a subshell, which says "Aborted" there, not here
    status=$?
  fi
  line=$(tail -n 1 "$log" | grep -aoE '[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' | tr -dc '0-9 ')
  if [ "$status" = 77 ]; then
    count 0 0 1 "$name" "$log"
  elif [ -n "$line" ]; then
    # shellcheck disable=SC2086
    set -- $line
    [ "$status" = 0 ] || [ "$2" -gt 0 ] || set -- "$1" 1 "$3"
    count "$1" "$2" "$3" "$name" "$log"
  elif [ "$status" = 0 ]; then
    count 1 0 0 "$name" "$log"
  else
    echo "exit status $status" >>"$log"
    count 0 1 0 "$name" "$log"
  fi
  count_findings "$name"
}

# The programs built from sources that match; a source whose program is missing is a failure.
programs() { # find arguments...
  find "$@" 2>/dev/null | sort | sed -e 's/\.c$//' -e "s|^|$build/|"
}

run_suite() {
  local program name script
  case $1 in
    unit) for program in $(programs tests/unit -name 'test_*.c'); do run_unit "$program"; done ;;
    stress) for program in $(programs tests/stress -name '*.c'); do run_program "stress/$(basename "$program")" "$program"; done ;;
    replay)
      for program in $(programs tests/fuzz -name 'fuzz_*.c'); do
        name=$(basename "$program")
        name=${name#fuzz_}
        if [ -d "tests/corpus/$name" ]; then run_program "replay/$name" "$program" "tests/corpus/$name"; else run_program "replay/$name" "$program"; fi
      done
      ;;
    layers) run_program layers tests/layers.sh ;;
    scripts)
      for script in $(find tests/unit -name 'test_*.py' 2>/dev/null | sort) $(find tests/embedded -maxdepth 1 \( -name '*.sh' -o -name '*.py' \) -perm -u+x 2>/dev/null | sort); do
        case $script in
          *.py) run_program "${script#tests/}" "$PYTHON" "$script" "$build" ;;
          *) run_program "${script#tests/}" "$script" "$build" ;;
        esac
      done
      ;;
    kafka) limit_s=1200 run_program kafka tests/kafka/run.sh "$build" ;;
    *)
      echo "run.sh: there is no suite $1" >&2
      exit 2
      ;;
  esac
}

for suite in $suites; do run_suite "$suite"; done
if [ -n "${RESULTS:-}" ]; then
  echo "$passed $failed $skipped" >>"$RESULTS"
  echo "sum       $build: $suites: $passed good, $failed bad, $skipped left out"
else
  echo "$passed passed, $failed failed, $skipped skipped"
fi
[ "$failed" = 0 ]
