#!/usr/bin/env bash
# The stream against a real broker: run.sh BUILD [TEST...]. Every test ends with tests/kafka/verify.c comparing all input with
# all output. The last line counts them.
#   KAFKA_TEST_ARTICLES   articles a test (default 200)
#   KAFKA_TEST_LIMIT_S    a test that takes longer has failed (default 240; chaos has 240 more)
#   KAFKA_TEST_AWAY_S     how much longer the broker stays away in broker_away than until it is noticed (default 0)
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.." || exit 2
build=$1
shift
count=${KAFKA_TEST_ARTICLES:-200}
mkdir -p "$build/kafka/work"
# shellcheck source=tests/kafka/secured.sh
. "$here/secured.sh"
# Each test is a call of this script by itself.
bootstrap=${KAFKA_TEST_BROKERS:-$(KAFKA_MORE=$(secure_listener) KAFKA_DIR=$build/kafka "$here/broker.sh" up)} || { echo "kafka: 0 passed, 1 failed, 0 skipped"; exit 1; }
# shellcheck source=tests/kafka/lib.sh
. "$here/lib.sh"
# shellcheck source=tests/kafka/redrive.sh
. "$here/redrive.sh"
feed_all() { feed articles "$name.raw" 17 <"$work/articles.jsonl"; }
# Slowly enough that what happens meanwhile happens in the middle, on any machine.
feed_slowly() {
  feed articles "$name.raw" 17 60 <"$work/articles.jsonl" &
  feeder=$!
}
verify_all() {
  local said status
  wait "$feeder" || return 1
  said=$(verify "$@")
  status=$?
  echo "$said"
  [ $status = 0 ] && [[ $said == *"inputs=$count "* ]]
}
broker() { KAFKA_DIR=$build/kafka "$here/broker.sh" "$1"; }

test_normal() {
  feed_all && start && verify --wait 60 && stop "$pid"
}

# What the feeder sends twice is two inputs, each with its own outputs.
test_fed_twice() {
  local said status
  feed_all && feed_all && start || return 1
  said=$(verify --wait 60)
  status=$?
  echo "$said"
  [ $status = 0 ] && [[ $said == *"inputs=$((2 * count)) twins=$count documents=$((2 * count)) "* ]] && stop "$pid"
}

# Three times in the middle, wherever the process is then: working, producing, between offsets and commit.
test_killed() {
  feed_slowly
  for _ in 1 2 3; do
    start
    wait_done $((count / 8)) || return 1
    kill_hard "$pid"
  done
  start
  verify_all --wait 60 && stop "$pid"
}

# The articles of one part in seven, so that each point is reached with work in hand.
feed_part() { sed -n "$(($1 + 1))~7p" "$work/articles.jsonl" | feed articles "$name.raw" 17; }

# Once at each point where it hurts, each time with new articles. Whoever is killed in a rebalance is gone for good: the other
# has everything once its session has run out.
test_killed_at_every_point() {
  local part=0 first
  for point in before-produce@20 after-produce@2 between-offsets-and-commit@2; do
    feed_part $part && start_faulty "kill:$point" && wait_killed "$pid" 9 || return 1
    part=$((part + 1))
  done
  feed_part 3 && start_faulty kill:in-rebalance && wait_done 10 || return 1
  first=$pid
  start --instance "$name-2" --http_listen ""
  feed_part 4 && wait_killed "$first" 9 && feed_part 5 && verify --wait 60 && stop "$pid" || return 1
  feed_part 6 && start_faulty kill:in-close && wait_done 1 || return 1
  kill -TERM "$pid"
  wait_killed "$pid" 9 || return 1
  start
  verify --wait 60 && stop "$pid"
}

# Whoever was killed in a rebalance is back before its session has run out: no rebalance follows, and what it was to pass on
# is nobody's. The group has to notice that by itself.
test_orphans() {
  local first other
  feed_part 0 && start_faulty kill:in-rebalance --stall_ms 4s && wait_done 10 || return 1
  first=$pid
  start --instance "$name-2" --http_listen "" --stall_ms 4s && other=$pid
  wait_killed "$first" 9 && start --stall_ms 4s || return 1
  for part in 1 2 3 4 5 6; do feed_part $part || return 1; done
  verify --wait 60 && stop "$pid" && stop "$other" && grep -q 'event=stream.stalled kind=orphans' "$log"
}

# A member dies with a transaction open, so that where its partitions were committed is not known until the broker ends that.
# Who waits for it meanwhile has to let go of some of them, and must not begin the others anew.
test_transaction_left_open() {
  local waiting
  feed_part 0 && feed_part 1 && feed_part 2 && start_faulty kill:between-offsets-and-commit@4 && wait_killed "$pid" 9 || return 1
  start --instance "$name-2" --http_listen "" && waiting=$pid
  wait_logged 'event=consumer.assigned partitions=4' && sleep 1 && start --instance "$name-3" --http_listen "" || return 1
  for part in 3 4 5 6; do feed_part $part || return 1; done
  verify --wait 90 && stop "$waiting" && stop "$pid"
}

# The process dies of one article, is started again as a supervisor would, and gives that article up the third time.
test_crashed_twice() {
  mkdir -p "$work/state" && rm -f "$work/state"/*
  feed_all
  for _ in 1 2; do
    start_faulty crash:worker:test-00050 --state_dir "$work/state"
    wait_killed "$pid" 11 || return 1
  done
  start_faulty crash:worker:test-00050 --state_dir "$work/state"
  verify --wait 60 --codes >"$work/codes" || { cat "$work/codes"; return 1; }
  tail -n 1 "$work/codes"
  [ "$(grep -v ^verify: "$work/codes" | cut -d ' ' -f 2)" = article.crashed ] && stop "$pid"
}

# The consumer does not fetch any more and does not know it.
test_stalled_consumer() {
  feed_all && start_faulty stall:fetch@50 --stall_ms 2s && verify --wait 60 || return 1
  [ "$(metric 'stalls_total{kind="stream"}')" -ge 1 ] && stop "$pid" && grep -q 'event=stream.replaced' "$log"
}

# Readiness is measured now and then: it may come a moment after what it says.
becomes() { # state
  for _ in $(seq 1 300); do
    [ "$(ready)" = "$1" ] && return
    sleep 0.1
  done
  echo "$(ready), not $1"
  return 1
}

# Longer than it takes to call it a stall: said while it lasts, and healed without another process.
# A transaction that runs out while the broker is away may be lost by its coordinator as that comes back (Kafka 4.3; seen once in some
# twenty runs, see test_forgotten_transaction): so it does not.
test_broker_away() {
  feed_all && start --stall_ms 6s --commit_records 5 -X consumer.session.timeout.ms=45000 -X producer.transaction.timeout.ms=60000 && wait_done $((count / 8)) || return 1
  broker kill
  becomes stalled && sleep "${KAFKA_TEST_AWAY_S:-0}" && broker start || return 1
  verify --wait 90 && becomes running && stop "$pid" && grep -q 'event=stream.stalled kind=brokers' "$log"
}

# The broker ends, and its coordinator has lost the beginning of the transaction that is open.
lose_transaction() {
  local lost
  broker kill || return 1
  lost=$("$here/forget.py" "$(broker data)") && echo "forgotten: $lost records" && [ "$lost" -gt 0 ] && broker start
}

# Nobody can read the group's positions then until somebody ends that. The process does, and nothing of it may show: be it the one
# whose transaction it was, which asks what became of it, or the next one, which asks where to begin.
test_forgotten_transaction() {
  feed_all && start_faulty kill:between-offsets-and-commit@2 && wait_killed "$pid" 9 && lose_transaction || return 1
  start -X producer.transaction.timeout.ms=6000 && wait_logged "event=stream.hanging done=1" && verify --wait 60 && stop "$pid"
}

test_forgotten_while_working() {
  feed_all && start_faulty slow:between-offsets-and-commit@2 -X producer.transaction.timeout.ms=6000 && wait_done 20 && sleep 1 && lose_transaction || return 1
  wait_logged "event=stream.hanging done=1" && verify --wait 60 && stop "$pid"
}

# Half of the articles are committed, at once, and the broker ends before the markers of that are written: when it is back, it leaves
# them out (processor/landed). Then a transaction is aborted, and the positions with it: what was committed is not any more, but what it
# wrote is still open in the outputs, and would be committed with what is done again.
test_markers_lost() {
  local cut
  head -n $((count / 2)) "$work/articles.jsonl" | feed articles "$name.raw" 17 || return 1
  start -X producer.transaction.timeout.ms=6000 --commit_interval_ms 1s --commit_records "$count" && wait_done $((count / 2)) && sleep 1.5 && broker kill || return 1
  cut=$("$here/unmark.py" "$(broker data)" "$name") && echo "without a marker: $cut logs" && [ "$cut" -gt 2 ] && broker start || return 1
  feed abort "$name-$name-1" "$name" "$name.raw" && tail -n +$((count / 2 + 1)) "$work/articles.jsonl" | feed articles "$name.raw" 17 || return 1
  verify --wait 60 && stop "$pid" && grep -q "event=stream.undone done=1" "$log" && ! grep -q "event=stream.hanging" "$log"
}

test_stopped_in_the_middle() {
  feed_slowly
  start && wait_done $((count / 4)) && stop "$pid" || return 1
  start
  verify_all --wait 60 && stop "$pid"
}

# The transaction in hand is neither acknowledged nor refused; the process has to find out and go on by itself.
test_broker_killed() {
  feed_slowly
  start && wait_done $((count / 4)) || return 1
  broker kill && broker start || return 1
  verify_all --wait 90 && stop "$pid"
}

# Nothing can be committed any more, and the process still ends in time; what was not committed is read again.
test_stopped_without_a_broker() {
  local started status taken
  feed_slowly
  start --stop_ms 10s --drain_ms 2s && wait_done $((count / 4)) || return 1
  broker kill
  started=$SECONDS
  kill -TERM "$pid"
  wait "$pid"
  status=$? taken=$((SECONDS - started))
  broker start || return 1
  [ $taken -le 11 ] && [ $status = 0 ] || { echo "exit status $status after $taken s"; return 1; }
  start
  verify_all --wait 60 && stop "$pid"
}

test_fenced() {
  start && wait_logged "event=consumer.assigned" || return 1
  feed_slowly
  wait_done $((count / 4)) || return 1
  feed fence "$name-$name-1" && verify_all --wait 60 && stop "$pid" && grep -q 'event=commit.failed' "$log"
}

test_dead_letters() {
  head -n 20 "$work/articles.jsonl" | feed articles "$name.raw" 5 && feed malformed "$name.raw" || return 1
  start
  head -n 40 "$work/articles.jsonl" | tail -n 20 | feed articles "$name.raw" 5 && verify --wait 60 --codes >"$work/codes" || return 1
  tail -n 1 "$work/codes"
  diff <(grep -v ^verify: "$work/codes" | sort) - <<C || return 1
bad-frame confluent.frame
binary payload.binary
blank text.blank
broken-json json.syntax
cut-protobuf protobuf.syntax
deep json.depth
empty payload.empty
no-text text.missing
tombstone payload.empty
twice json.syntax
wrong-type json.type
C
  stop "$pid"
}

# The document is larger than may be sent, its dead letter is not; of the second article not even that fits.
test_large_outputs() {
  for bytes in 15000 19800; do
    printf '{"id": "large-%d", "text": "%s"}\n' "$bytes" "$(yes 'Ada Brandt criticised Norvia Motors. ' | tr -d '\n' | head -c "$bytes")"
  done | feed articles "$name.raw" 1 || return 1
  head -n 10 "$work/articles.jsonl" | feed articles "$name.raw" 1 && start -X producer.message.max.bytes=20000 || return 1
  verify --wait 60 --codes >"$work/codes" || return 1
  tail -n 1 "$work/codes"
  [ "$(grep -c 'output.large$' "$work/codes")" = 2 ] && stop "$pid"
}

# The broker's own limit is below the producer's: it refuses whole batches, and the one culprit has to be found.
test_refused_by_the_broker() {
  printf '{"id": "refused", "text": "%s"}\n' "$(yes 'Ada Brandt criticised Norvia Motors. ' | tr -d '\n' | head -c 9000)" | feed articles "$name.raw" 1 || return 1
  head -n 30 "$work/articles.jsonl" | feed articles "$name.raw" 1 && limit enriched 6000 && start -X producer.compression.type=none || return 1
  verify --wait 60 --codes >"$work/codes" || return 1
  tail -n 1 "$work/codes"
  [ "$(grep -c 'output.large$' "$work/codes")" = 1 ] && stop "$pid"
}

limit() { # topic bytes
  java -XX:TieredStopAtLevel=1 -cp "$build/kafka/libs/*" kafka.admin.ConfigCommand --bootstrap-server "$bootstrap" --alter --entity-type topics \
    --entity-name "$name.$1" --add-config "max.message.bytes=$2" >>"$log" 2>&1
}

# Partitions go from one process to two and back, and once their owner dies.
test_members_come_and_go() { members_come_and_go; }
members_come_and_go() { # options...
  local first second
  feed_slowly
  start "$@" && first=$pid && wait_done $((count / 8)) || return 1
  start --instance "$name-2" --http_listen "" "$@" && second=$pid
  sleep 1
  stop "$second" || return 1
  start --instance "$name-3" --http_listen "" "$@" && second=$pid
  sleep 1
  kill_hard "$first"
  verify_all --wait 60 && stop "$second"
}

# Where nothing is committed: at the end of the topic, or not at all.
test_begins_where_it_is_told() {
  local status=0
  head -n 50 "$work/articles.jsonl" | feed articles "$name.raw" 17 && start -X consumer.auto.offset.reset=error --http_listen "" || return 1
  wait "$pid" || status=$?
  [ $status = 3 ] && grep -q 'nothing is committed of partition . of' "$log" || { echo "exit status $status"; return 1; }
  start -X consumer.auto.offset.reset=latest && wait_logged 'consumer.assigned partitions=4' 2 || return 1
  tail -n 40 "$work/articles.jsonl" | feed articles "$name.raw" 17 && accounted 40 && stop "$pid"
}

# Each rebalance takes all from all.
test_eager_members_come_and_go() { members_come_and_go -X consumer.partition.assignment.strategy=range,roundrobin; }

# A process sleeps beyond its session while another takes over, and wakes up with a transaction in hand.
test_zombie() {
  local zombie other
  feed_slowly
  start && zombie=$pid && wait_done $((count / 8)) || return 1
  kill -STOP "$zombie"
  start --instance "$name-2" --http_listen "" && other=$pid
  sleep 8
  kill -CONT "$zombie"
  verify_all --wait 90 && stop "$zombie" && stop "$other"
}

test_at_least_once_killed() {
  feed_slowly
  start --delivery at_least_once
  wait_done $((count / 4)) && kill_hard "$pid" || return 1
  start --delivery at_least_once
  verify_all --wait 60 --repeats && stop "$pid"
}

test_missing_topics_are_said() {
  local text
  text=$("$stanced" run "${common[@]}" --input "$name.none" --http_listen "" 2>&1)
  [ $? = 2 ] && [[ $text == *"$name.none"*"topics --create"* ]]
}

test_check_says_what_is_wrong() {
  "$stanced" check "${common[@]}" --http_listen "" >"$work/check" || { cat "$work/check"; return 1; }
  [ "$(grep -c '^ok ' "$work/check")" -ge 10 ] && grep -q '^ok       permissions  topics and group' "$work/check" || { cat "$work/check"; return 1; }
  "$stanced" check "${common[@]}" --http_listen "" --stances_topic "$name.none" -X kafka.no.such=1 >"$work/check"
  [ $? = 2 ] && grep -q '^problem  kafka .*no.such' "$work/check" || { cat "$work/check"; return 1; }
  "$stanced" check "${common[@]}" --http_listen "" --stances_topic "$name.none" >"$work/check"
  [ $? = 2 ] && grep -q "^problem  topic  *$name.none .*topics --create" "$work/check" || { cat "$work/check"; return 1; }
  "$stanced" check "${common[@]}" --http_listen "" --brokers 127.0.0.1:1 >"$work/check"
  [ $? = 2 ] && grep -q '^problem  brokers ' "$work/check" || { cat "$work/check"; return 1; }
}

# The input is deleted and made anew while nobody reads it: what comes then has its outputs, too, whatever its offsets.
test_input_made_anew() {
  head -n 60 "$work/articles.jsonl" | feed articles "$name.raw" 17 && start && verify --wait 60 && stop "$pid" || return 1
  make_input_anew || return 1
  start
  tail -n +61 "$work/articles.jsonl" | feed articles "$name.raw" 17 || return 1
  wait_done $((count - 60)) && stop "$pid"
}

# All of COUNT records have come out, or are said to be gone, and none came twice.
accounted() { # count
  for _ in $(seq 1 600); do
    [ $(($(metric articles_done_total) + $(metric records_gone_total))) -ge "$1" ] && break
    sleep 0.1
  done
  sleep 2
  echo "done=$(metric articles_done_total) gone=$(metric records_gone_total) anew=$(metric partitions_anew_total), $1 due"
  [ $(($(metric articles_done_total) + $(metric records_gone_total))) -eq "$1" ]
}

make_input_anew() {
  tool org.apache.kafka.tools.TopicCommand --delete --topic "$name.raw" && "$stanced" topics --create --partitions 4 "${common[@]}" >>"$log" 2>&1
}

# The same while the process sees nothing of it, be the new log shorter than what it has read of the old one or longer.
make_anew_while_read() { # count-before count-after options...
  head -n "$1" "$work/articles.jsonl" | feed articles "$name.raw" 17 && start -X consumer.session.timeout.ms=45000 "${@:3}" && accounted "$1" || return 1
  sleep 6 # so that it has asked which topic it is
  kill -STOP "$pid"
  make_input_anew && tail -n "$2" "$work/articles.jsonl" | feed articles "$name.raw" 17 || return 1
  kill -CONT "$pid"
}
test_input_made_anew_while_read() {
  make_anew_while_read 60 30 "$@" && accounted 90 && [ "$(metric partitions_anew_total)" = 4 ] || return 1
  [[ $(verify --wait 10) == *" lost=0 repeated=0 "* && $(positions "$name" "$name.raw") == *" lag=0 "* ]] && stop "$pid"
}
test_at_least_once_input_made_anew_while_read() { test_input_made_anew_while_read --delivery at_least_once; }

# What it read of the new log before it noticed may come twice.
test_longer_input_made_anew_while_read() {
  make_anew_while_read 28 90 && wait_done 118 || return 1
  for _ in $(seq 1 100); do [[ $(verify --wait 10) == *" lost=0 "* ]] && break; sleep 0.2; done
  verify --wait 10
  [ "$(metric partitions_anew_total)" = 4 ] && [[ $(verify --wait 10) == *" lost=0 "* ]] && stop "$pid"
}

# Retention takes records that nobody has read yet: that is said, and what is left is read.
test_deleted_before_read() {
  head -n 40 "$work/articles.jsonl" | feed articles "$name.raw" 17 && start -X consumer.session.timeout.ms=45000 "$@" && accounted 40 || return 1
  kill -STOP "$pid"
  head -n 140 "$work/articles.jsonl" | tail -n 100 | feed articles "$name.raw" 17 || return 1
  printf '{"partitions": [{"topic": "%s", "partition": 0, "offset": -1}, {"topic": "%s", "partition": 1, "offset": 25}], "version": 1}' \
    "$name.raw" "$name.raw" >"$work/delete.json"
  tool org.apache.kafka.tools.DeleteRecordsCommand --offset-json-file "$work/delete.json" || return 1
  kill -CONT "$pid"
  tail -n 60 "$work/articles.jsonl" | feed articles "$name.raw" 17 || return 1
  accounted 200 && [ "$(metric records_gone_total)" -gt 10 ] && grep -q 'event=consumer.gone topic=.* partition=0 ' "$log" && stop "$pid"
}
test_at_least_once_deleted_before_read() { test_deleted_before_read --delivery at_least_once; }

tool() { KAFKA_DIR=$build/kafka "$here/broker.sh" tool "$@" >>"$log" 2>&1; }

# What `check` asks is answered late, or not at all.
test_check_of_a_slow_coordinator() {
  "${PYTHON:-python3}" "$here/slow_check.py" "$((${KAFKA_PORT:-19392} + 3))" "$stanced" check "${common[@]}" --http_listen ""
}

# The coordinator is away just when it is asked where partitions begin, for longer than the question may take: it is asked again.
test_places_known_late() {
  local port=$((${KAFKA_PORT:-19392} + 3))
  "${PYTHON:-python3}" "$here/late_places.py" "$port" >"$work/late" &
  pids+=("$!")
  feed_all && start --brokers "127.0.0.1:$port" && verify --wait 60 && grep -q back "$work/late" && stop "$pid"
}

# Without a group, from the beginning: as many rows as the verifier counts, and the filters leave out what they should.
test_watch_shows_rows() {
  local -a watch=("$stanced" watch "${common[@]}" --since beginning)
  feed_all && start && verify --wait 60 && stop "$pid" || return 1
  timeout 20 "${watch[@]}" --json --count 20 >"$work/rows" || return 1
  [ "$(grep -c '"schema":"stanced.stance/1"' "$work/rows")" = 20 ] || return 1
  timeout 20 "${watch[@]}" --json --count 5 --polarity against --actor norvia >"$work/rows" || return 1
  [ "$(grep -c '"polarity":"against"' "$work/rows")" = 5 ] && [ "$(grep -c 'Norvia' "$work/rows")" = 5 ] || return 1
  timeout 20 "${watch[@]}" --count 3 >"$work/rows" && [ "$(grep -c ' → ' "$work/rows")" = 3 ]
}

# With brokers of its own; what a failed round leaves is named in its output. Transactions outlive a broker's restart on a busy machine: of one
# that runs out meanwhile Kafka 4.3 may leave positions open for good (test_forgotten_transaction).
chaos() {
  "${PYTHON:-python3}" "$here/chaos" "$build" --port $((${KAFKA_PORT:-19392} + 8)) --patience 4 --rate 15 -X producer.transaction.timeout.ms=40000 "$@"
}

test_chaos() { chaos --seed 77 --minutes 3; } # longer than a test otherwise may take

# Brokers that say that there are none, as on their way down: all is healed within the time that everything is.
test_brokers_that_name_none() { chaos --seed 6000 --minutes 0.6 --only no_brokers --poison 0; }

# Members whose join comes when their session has run out: librdkafka lets them keep partitions that were another's meanwhile. What is done about
# it is shown by tests/embedded/guards.sh; here it happens, but hardly ever so that somebody who does not look publishes a thing twice.
test_late_joins() { chaos --seed 9009 --minutes 0.9 --only late_join --poison 0; }

# An EndTxn that comes late must not end the next transaction.
test_late_end_of_a_transaction() { chaos --seed 7 --minutes 0.2 --only late_end --poison 0; }

if [ -n "${KAFKA_TEST_BROKERS:-}" ]; then
  trap kill_started EXIT
  use "${1//_/-}" && "test_$1"
  exit
fi
trap 'broker wipe' EXIT
"$here/articles.py" "$count" >"$work/articles.jsonl"
# Prints what a test says, and of one that failed what its processes said besides their log lines, then the ends of the logs.
run_test() { # name
  local started=$SECONDS limit_s=${KAFKA_TEST_LIMIT_S:-240} said verdict log=$work/${1//_/-}.log
  [ "$1" != chaos ] || limit_s=$((limit_s + 240))
  said=$(KAFKA_TEST_BROKERS=$bootstrap timeout -v "$limit_s" "$here/run.sh" "$build" "$1" 2>&1) && verdict=ok || verdict=FAILED
  printf '%-9s kafka/%s, %d s\n' "$verdict" "$1" $((SECONDS - started))
  [ -z "$said" ] || sed 's/^/          /' <<<"$said"
  [ $verdict = ok ] || { grep -av '^ts=' "$log" | tail -n 5; tail -n 15 "$log" "$build/kafka/run-${KAFKA_PORT:-19392}/1/server.log"; } | sed 's/^/          /'
  [ $verdict = ok ]
}

passed=0 failed=0
count_test() { [ "$1" = 0 ] && passed=$((passed + 1)) || failed=$((failed + 1)); }
[ $# -gt 0 ] || set -- $(compgen -A function | sed -n 's/^test_//p')
# The long chaos has brokers of its own, and these wait most of their time: side by side.
waits=" forgotten_transaction forgotten_while_working check_of_a_slow_coordinator "
beside=() alone=()
for test in "$@"; do
  [[ $waits == *" $test "* ]] && beside+=("$test") || { [ "$test" = chaos ] || alone+=("$test"); }
done
if [[ " $* " == *" chaos "* ]]; then
  run_test chaos >"$work/chaos.said" &
  chaos_pid=$!
fi
for test in "${beside[@]}"; do run_test "$test"; count_test $?; done
if [ -n "${chaos_pid:-}" ]; then
  wait "$chaos_pid"
  count_test $?
  cat "$work/chaos.said"
fi
for test in "${alone[@]}"; do run_test "$test"; count_test $?; done
echo "kafka: $passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]
