#!/usr/bin/env bash
# What one bad record may not do to the stream: guards.sh BUILD [TEST...]. Mostly at least once, against a mock broker, with the program that
# fails where STANCED_FAULT says. The bad one is a dead letter in the end, or is read after all; all others have their outputs.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 2
build=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0 pid= delivery=at_least_once
topics=(in enriched stances entities dlq status)
articles=$work/articles.jsonl
tests/kafka/articles.py 30 >"$articles"

start() { # fault options...
  local fault=$1
  shift
  STANCED_FAULT=$fault "$build/tests/stanced-faults" run --brokers "$bootstrap" --group guards --input in --enriched_topic enriched \
    --stances_topic stances --entities_topic entities --dead_letter_topic dlq --status_topic status --delivery "$delivery" --http_listen "" \
    --commit_interval_ms 100 -X consumer.session.timeout.ms=3000 -X consumer.heartbeat.interval.ms=500 --instance guards --state_dir "$work/state" "$@" >>"$log" 2>&1 &
  pid=$!
}

dies() { # exit status
  local status=0
  wait "$pid" || status=$?
  [ $status = "$1" ] || { echo "exit status $status, not $1"; return 1; }
}

# All input has its outputs or a dead letter, these codes are all there are, and the process stops as it should.
ends_with() { # codes
  "$build/tests/kafka/verify" "$bootstrap" guards "${topics[@]:0:5}" --wait 200 --repeats --codes >"$work/codes" 2>&1 || { cat "$work/codes"; return 1; }
  diff <(grep -v ^verify: "$work/codes" | cut -d ' ' -f 2) <(printf '%s' "$1") || return 1
  kill -TERM "$pid"
  dies 0
}

test_slow_article_is_given_up() {
  start slow:worker:test-00007 --article_ms 1s
  ends_with $'article.deadline\n'
}

test_article_that_crashes_twice_is_given_up() {
  for _ in 1 2; do
    start crash:worker:test-00007
    dies 139 || return 1
  done
  start crash:worker:test-00007
  ends_with $'article.crashed\n' && grep -q 'event=article.suspect .* deaths=2 given_up=1' "$log"
}

test_killed_in_the_same_article_three_times() {
  for _ in 1 2 3; do
    start kill:worker:test-00007
    dies 137 || return 1
  done
  start ""
  ends_with "" && grep -q 'event=article.suspect .* deaths=3 given_up=0' "$log"
}

# The worker cannot be ended: the process has to, twice, and then it knows which article it was.
test_article_that_never_ends_is_given_up() {
  for _ in 1 2; do
    start hang:worker:test-00007 --article_ms 500ms --stall_ms 1s --stop_ms 2s --drain_ms 1s
    dies 3 || return 1
  done
  start hang:worker:test-00007
  ends_with $'article.crashed\n' && [ "$(grep -c 'event=stream.stalled kind=worker' "$log")" = 2 ]
}

# The same where articles may take any time, but use it.
test_article_without_a_deadline_that_hangs_is_given_up() {
  for _ in 1 2; do
    start hang:worker:test-00007 --article_ms 0 --stall_ms 2s --stop_ms 2s --drain_ms 1s
    dies 3 || return 1
  done
  start hang:worker:test-00007
  ends_with $'article.crashed\n'
}

# The commit thread hangs, so the clients are to be replaced; but a worker has just begun to hang too, and nobody can know that
# yet. The process cannot stop, and has to remember what its workers were at.
test_article_that_hangs_while_clients_are_replaced() {
  tests/kafka/articles.py 1 | sed s/test-/late-/ >"$work/late"
  start hang:after-produce,hang:worker:late-00000 --article_ms 5s --stall_ms 20s --stop_ms 2s --drain_ms 1s
  for _ in $(seq 1 300); do grep -q event=consumer.assigned "$log" && break || sleep 0.1; done
  sleep 11
  "$build/tests/kafka/feed" "$bootstrap" articles in 7 <"$work/late"
  dies 3 && grep -q "event=stream.late thread=worker" "$log" && grep -q code=stream.stuck "$log" || return 1
  for _ in 1 2; do
    start hang:worker:late-00000 --article_ms 500ms --stall_ms 1s --stop_ms 2s --drain_ms 1s
    dies 3 || return 1
  done
  start hang:worker:late-00000
  ends_with $'article.crashed\n' && grep -q 'event=article.suspect .* deaths=3 given_up=1' "$log"
}

test_consumer_that_stops_fetching_is_replaced() {
  start stall:fetch@10 --stall_ms 2s
  ends_with "" && grep -q 'event=stream.stalled kind=stream' "$log" && grep -q 'event=stream.replaced' "$log"
}

# The queue is full, so its partitions are paused; then they are lost, and come again when nothing is in hand any more.
test_partition_that_was_paused_when_it_was_lost() {
  start slow:worker:test-00004,slow:worker:test-00005 --workers 1 --queue_records 2 --article_ms 1m
  for _ in $(seq 1 300); do grep -q event=consumer.assigned "$log" && break || sleep 0.1; done
  sleep 2
  printf 'errors 11 12 16\nerrors 12 1 25\n' >&"${BROKER[1]}" # JoinGroup: not coordinator, Heartbeat: unknown member
  ends_with "" && grep -q 'event=consumer.revoked .* lost=1' "$log" && ! grep -q event=stream.stalled "$log"
}

# By its own join, sent twice, perhaps; the second time it is somebody else, who is not to be disturbed.
test_name_is_taken_back_once() {
  start ""
  for times in 1 2; do
    for _ in $(seq 1 300); do [ "$(grep -c event=consumer.assigned "$log")" = $times ] && break || sleep 0.1; done
    printf 'errors 12 1 82\n' >&"${BROKER[1]}" # Heartbeat: fenced instance id
  done
  dies 3 && [ "$(grep -c event=stream.replaced "$log")" = 1 ] && grep -q 'event=stream.failed .*code=consumer.fenced' "$log" || return 1
  start ""
  ends_with ""
}

# What it keeps over a rebalance may have been another's meanwhile: librdkafka does not say so to who has an instance.
test_member_that_was_put_out_and_came_back() {
  start stall:member,wait:worker:test-00004
  for _ in $(seq 1 300); do grep -q event=consumer.assigned "$log" && break || sleep 0.1; done
  printf 'errors 12 1 27\n' >&"${BROKER[1]}" # Heartbeat: the group joins anew
  ends_with "" && grep -q 'event=stream.waiting .*code=consumer.expelled' "$log" && [ "$(grep -c event=stream.replaced "$log")" = 1 ]
}

# The producer of transactions has to find the group's new coordinator when the old one is gone for good.
test_coordinator_of_the_group_that_never_comes_back() {
  delivery=exactly_once
  printf 'join 2\ncoordinator transaction guards 1\ncoordinator group guards 2\n' >&"${BROKER[1]}"
  start stall:landed --transactional_id guards -X consumer.session.timeout.ms=6000
  for _ in $(seq 1 300); do grep -q event=consumer.assigned "$log" && break || sleep 0.1; done
  sleep 5
  printf 'coordinator group guards 1\ngone 2\n' >&"${BROKER[1]}"
  sleep 3
  tests/kafka/articles.py 5 | sed s/test-/late-/ >"$work/late"
  "$build/tests/kafka/feed" "$bootstrap" articles in 7 <"$work/late"
  sleep 40 # ten do on a quiet machine; the mock keeps no offsets of transactions that could be asked for, which is why nobody does
  kill -TERM "$pid"
  dies 0 && grep -q 'event=stream.stopped in_time=1 articles=35 done=35' "$log"
}

# Answers say that the producer is fenced; the last is in librdkafka's hands still when the producer is taken down for the first.
test_answer_that_comes_while_a_fenced_producer_ends() {
  delivery=exactly_once
  printf 'errors 0 3 47\n' >&"${BROKER[1]}" # Produce: an old epoch; the first is the status's
  start stall:landed,wait:answer@3 --transactional_id guards
  sleep 15
  kill -TERM "$pid"
  dies 0 && grep -q 'event=commit.failed .*_FENCED' "$log" && grep -q 'event=stream.stopped in_time=1 .*done=30' "$log"
}

test_quiet_topic_is_no_stall() {
  start "" --stall_ms 1s
  sleep 6
  ends_with "" && ! grep -q 'event=stream.stalled' "$log"
}

# Its outcome would be thrown away: the process does not wait for it.
test_stop_in_the_middle_of_a_long_article() {
  printf '{"id": "long", "text": "%s"}\n' "$(yes 'Ada Brandt criticised Norvia Motors. ' | tr -d '\n' | head -c 900000)" >"$work/long"
  "$build/tests/kafka/feed" "$bootstrap" articles in 7 <"$work/long"
  start "" --article_ms 10m --stop_ms 10s --drain_ms 1s
  for _ in $(seq 1 300); do grep -q event=consumer.assigned "$log" && break || sleep 0.1; done
  sleep 5
  kill -TERM "$pid"
  dies 0 && grep -q 'event=stream.stopped in_time=1' "$log"
}

# Everything is stopped, and then a call of a library does not return.
test_stop_that_hangs_ends_in_time() {
  local started
  start hang:in-release --stop_ms 3s --drain_ms 1s
  for _ in $(seq 1 300); do grep -q event=consumer.assigned "$log" && break || sleep 0.1; done
  started=$SECONDS
  kill -TERM "$pid"
  dies 3 && [ $((SECONDS - started)) -le 15 ] && grep -q event=process.hangs "$log"
}

# A revocation drains for up to a minute here, while a worker is at an article for minutes.
test_stop_in_the_middle_of_a_rebalance() {
  printf '{"id": "long", "text": "%s"}\n' "$(yes 'Ada Brandt criticised Norvia Motors. ' | tr -d '\n' | head -c 900000)" >"$work/long"
  for _ in 1 2 3 4; do "$build/tests/kafka/feed" "$bootstrap" articles in 7 <"$work/long" || return 1; done
  start "" --workers 1 --article_ms 10m --stop_ms 20s --drain_ms 1s -X consumer.partition.assignment.strategy=range
  for _ in $(seq 1 300); do grep -q event=consumer.assigned "$log" && break || sleep 0.1; done
  sleep 2
  printf 'errors 12 1 27\n' >&"${BROKER[1]}" # Heartbeat: rebalancing
  sleep 3
  kill -TERM "$pid"
  dies 0 && grep -q 'event=stream.stopped in_time=1' "$log" && grep -q 'event=consumer.given_up .*drain_ms=60000' "$log"
}

# With articles in hand, and a commit under way.
test_stop_while_no_broker_answers() {
  tests/kafka/articles.py 1000 | sed s/test-/more-/ >"$work/more"
  "$build/tests/kafka/feed" "$bootstrap" articles in 7 <"$work/more"
  start "" --stop_ms 6s --drain_ms 1s --memo_bytes 0
  for _ in $(seq 1 300); do grep -q event=consumer.assigned "$log" && break || sleep 0.1; done
  sleep 1
  printf 'rtt 60000\n' >&"${BROKER[1]}"
  sleep 2
  kill -TERM "$pid"
  local began=$SECONDS
  dies 0 && grep -q 'event=stream.stopped in_time=1' "$log" && [ $((SECONDS - began)) -le 20 ]
}

# All is committed then, and nothing is lost.
test_stop_where_the_consumer_does_not_close() {
  start hang:destroy:consumer --stop_ms 6s --drain_ms 1s
  for _ in $(seq 1 300); do grep -q event=consumer.assigned "$log" && break || sleep 0.1; done
  kill -TERM "$pid"
  dies 0 && grep -q 'event=client.left client=consumer' "$log" && grep -q 'event=stream.stopped in_time=1' "$log"
}

# The first of two clients; the stream goes on with the next one, and the handle that is left holds nobody up.
leaves_a_client() { # name
  start "hang:destroy:$1@1,stall:fetch@5" --stall_ms 2s --stop_ms 6s --drain_ms 1s
  ends_with "" && grep -q "event=client.left client=$1" "$log" && grep -q 'event=stream.replaced' "$log" && grep -q 'event=stream.stopped in_time=1' "$log"
}

test_producer_that_does_not_close() {
  leaves_a_client producer
}

test_consumer_that_does_not_close() {
  leaves_a_client consumer
}

# A commit that had no answer may come late, behind newer ones, and nothing moves any more: all positions are sent once more, and only once.
test_positions_that_stay_are_sent_again() {
  start ""
  "$build/tests/kafka/verify" "$bootstrap" guards "${topics[@]:0:5}" --wait 60 --repeats >/dev/null || return 1
  sleep 2
  local counts=() count
  for wait_s in 22 22 0; do
    printf 'count 8\n' >&"${BROKER[1]}" && read -r count <&"${BROKER[0]}"
    counts+=("$count")
    sleep $wait_s
  done
  echo "OffsetCommit requests: ${counts[*]}"
  [ "${counts[1]}" -gt "${counts[0]}" ] && [ "${counts[1]}" -le $((counts[0] + 3)) ] && [ "${counts[2]}" = "${counts[1]}" ] && ends_with ""
}

test_terminal_that_closes() {
  start ""
  for _ in $(seq 1 300); do grep -q event=consumer.assigned "$log" && break || sleep 0.1; done
  kill -HUP "$pid"
  dies 0 && grep -q 'event=stream.stopped in_time=1' "$log"
}

# Far more than a pipe holds, from all threads.
test_log_that_nobody_reads() {
  mkfifo "$work/pipe"
  exec 7<>"$work/pipe"
  log=$work/pipe
  start "" --log_level debug -X kafka.debug=all
  ends_with ""
}

test_log_on_a_full_disk() {
  log=/dev/full
  start ""
  ends_with ""
}

# A limit on the size of files, as a full disk for what has to be there from the start.
test_state_on_a_full_disk() {
  ulimit -f 64
  start ""
  dies 2 && grep -q "state_dir: $work/state/.*: File too large" "$log"
}

test_program_for_users_cannot_be_made_to_fail() {
  grep -q STANCED_FAULT "$build/tests/stanced-faults" && ! grep -q STANCED_FAULT "$build/stanced"
}

# Each has a broker of its own and mostly waits: all at a time.
run() { # test
  work=$work/$1
  log=$work/log
  mkdir -p "$work/state"
  coproc BROKER { "$build/tests/embedded/broker" "${topics[@]}"; }
  read -r bootstrap <&"${BROKER[0]}"
  "$build/tests/kafka/feed" "$bootstrap" articles in 7 <"$articles"
  "test_$1" >"$work/said" 2>&1 && echo ok >"$work/verdict"
  echo "$SECONDS" >"$work/seconds"
  [ -z "$pid" ] || kill -9 "$pid" 2>/dev/null
  exec {BROKER[1]}>&-
  wait "$BROKER_PID" 2>/dev/null
}

ulimit -c 0
tests=${*:2}
tests=${tests:-$(compgen -A function | sed -n 's/^test_//p')}
for test in $tests; do (run "$test") 2>/dev/null & done
wait
for test in $tests; do
  if [ -e "$work/$test/verdict" ]; then
    passed=$((passed + 1))
    echo "ok $test, $(cat "$work/$test/seconds") s"
  else
    failed=$((failed + 1))
    echo "FAILED $test"
    tail -n 12 "$work/$test/log" "$work/$test/said"
  fi
done
echo "guards: $passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]
