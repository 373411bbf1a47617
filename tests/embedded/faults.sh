#!/usr/bin/env bash
# The stream, at least once, against a mock broker that misbehaves: faults.sh BUILD [FAULT...]. After each fault all input must be
# committed and have its outputs, and the process must have lived through it and stop with exit status 0.
set -uo pipefail
self=$(realpath "$0")
cd "$(dirname "$self")/../.." || exit 2
build=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0
tests/kafka/articles.py 40 >"$work/articles.jsonl"
produce=0 fetch=1 metadata=3 commit=8 find_coordinator=10 join=11 heartbeat=12 group_heartbeat=68 # Kafka's numbers of its requests
not_leader=6 timed_out=7 loading=14 not_coordinator=16 unknown_member=25 rebalancing=27 too_large=10 unreleased=111

classic=(-X consumer.session.timeout.ms=3000 -X consumer.heartbeat.interval.ms=500)

# NAME LINES [OPTION...]: what is told to the broker while articles come in, and what kind of member it is told of.
fault() {
  local name=$1 lines=$2 log=$work/$1.log bootstrap pid status
  shift 2
  [ $# -gt 0 ] || set -- "${classic[@]}"
  local topics=(in enriched stances entities dlq status)
  coproc BROKER { "$build/tests/embedded/broker" "${topics[@]}"; }
  read -r bootstrap <&"${BROKER[0]}"
  "$build/tests/kafka/feed" "$bootstrap" articles in 7 < <(head -n 20 "$work/articles.jsonl")
  "$build/stanced" run --brokers "$bootstrap" --group faults --input in --enriched_topic enriched --stances_topic stances --entities_topic entities \
    --dead_letter_topic dlq --status_topic status --delivery at_least_once --http_listen "" --commit_interval_ms 100 --commit_records 5 \
    -X kafka.reconnect.backoff.max.ms=500 "$@" >>"$log" 2>&1 &
  pid=$!
  printf '%b' "$lines" >&"${BROKER[1]}"
  sleep 1
  "$build/tests/kafka/feed" "$bootstrap" articles in 7 < <(tail -n 20 "$work/articles.jsonl")
  printf 'rtt 0\n' >&"${BROKER[1]}"
  "$build/tests/kafka/verify" "$bootstrap" faults in enriched stances entities dlq --wait 60 --repeats >>"$log" 2>&1
  status=$?
  kill -TERM "$pid"
  wait "$pid" || status=1
  exec {BROKER[1]}>&-
  wait "$BROKER_PID" 2>/dev/null
  return $status
}

# Each fault has a broker of its own and mostly waits: some run at a time.
at_once=6
run() { # NAME LINES [OPTION...]
  [ "$(jobs -rp | wc -l)" -lt $at_once ] || wait -n
  (
    started=$SECONDS
    fault "$@" && verdict=ok || verdict=FAILED
    echo "$verdict $1, $((SECONDS - started)) s" >"$work/$1.verdict"
  ) &
}

# One request at a time: the mock takes in a batch whose predecessor it has refused (it looks at sequence numbers in transactions alone),
# which a broker never does and the client therefore takes for a sign that the first one is there.
run produce_refused "errors $produce 6 $not_leader\nerrors $produce 2 $timed_out\n" "${classic[@]}" -X producer.max.in.flight=1
run output_too_large_once "errors $produce 1 $too_large\n"
run commits_refused "errors $commit 3 $loading\nerrors $commit 2 $not_coordinator\n"
run member_forgotten "errors $heartbeat 1 $unknown_member\n"
run rebalances "errors $heartbeat 2 $rebalancing\nerrors $join 1 $not_coordinator\n"
run coordinator_hides "errors $find_coordinator 3 15\n"
run fetch_and_metadata_fail "errors $fetch 4 $not_leader\nerrors $metadata 2 5\n"
run slow_network 'rtt 300\n'
run name_not_released "errors $group_heartbeat 2 $unreleased\n" -X consumer.group.protocol=consumer --instance faults-1
run broker_away 'down 2000\n'
wait
for verdict in "$work"/*.verdict; do
  cat "$verdict"
  if grep -q '^ok' "$verdict"; then passed=$((passed + 1)); else failed=$((failed + 1)) && tail -n 12 "${verdict%.verdict}.log"; fi
done
# A fault that left no verdict did not run to its end.
[ $((passed + failed)) = "$(grep -c '^run [a-z]' "$self")" ] || failed=$((failed + 1))
echo "faults: $passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]
