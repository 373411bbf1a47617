# Tests of `stanced redrive`. Sourced by run.sh; letters.c compares what was dead-lettered with what came back.
letters() { "$tools/letters" "$bootstrap" "$@"; }
compare() { letters compare "$name.raw" "$name.dlq"; }

# The exit status is that of the command; lines of what was sent are in $work/sent, the rest in $work/said.
redrive() {
  "$stanced" redrive "${common[@]}" --log_level error "$@" >"$work/sent" 2>"$work/said"
}
# redrives STATUS LINES [OPTION...]
redrives() {
  local wanted=$1 lines=$2 status=0
  shift 2
  redrive "$@" || status=$?
  [ $status = "$wanted" ] && [ "$(wc -l <"$work/sent")" = "$lines" ] && return 0
  echo "redrive $*: exit status $status and $(wc -l <"$work/sent") lines, not $wanted and $lines"
  cat "$work/said"
  return 1
}
is() { # actual expected
  [ "$1" = "$2" ] || { echo "not \"$2\" but \"$1\""; return 1; }
}

# COUNT records of KEYS keys that are no JSON, dead-lettered.
fail_records() { # count keys [option...]
  local count=$1
  seq "$count" | sed 's/.*/{"id": "broken-&", "text": /' | feed articles "$name.raw" "$2" || return 1
  shift 2
  start "$@" && wait_letters "$count" && stop "$pid"
}
wait_letters() { # count
  for _ in $(seq 1 200); do
    [ "$(letters count "$name.dlq")" -ge "$1" ] && return 0
    sleep 0.1
  done
  echo "not $1 dead letters"
  return 1
}

# What was too large for one run passes in the next, whoever's names the headers have; a dry run and a second call send nothing.
test_redrive_every_profile() {
  local pad profile base=$name
  pad=$(yes 'Nothing else happened that day. ' | tr -d '\n' | head -c 1500)
  for profile in streams connect spring; do
    use "$base-$profile"
    { head -n 20 "$work/articles.jsonl" | sed "s/\"text\": \"/&$pad/" && echo '{"id": "broken"' && echo '[1]'; } | feed articles "$name.raw" 5 || return 1
    start --payload_bytes 1KiB --dead_letter_profile $profile && wait_done 22 && stop "$pid" || return 1
    redrives 0 20 --dry-run --code payload.large && redrives 0 22 --dry-run && is "$(letters count "$name.raw")" 22 || return 1
    redrives 0 20 --code payload.large && redrives 0 0 --code payload.large || return 1
    is "$(compare)" "letters=22 sent=20 lost=2 repeated=0 altered=0 unknown=0 out_of_order=0" || return 1
    start && wait_done 20 && stop "$pid" && is "$(letters count "$name.enriched")" 20 || return 1
    redrives 0 2 && redrives 0 0 || return 1
    is "$(compare)" "letters=22 sent=22 lost=0 repeated=0 altered=0 unknown=0 out_of_order=0" || return 1
  done
}

# Transactions leave marks in the input that are no records: the lag is 0 all the same, and nobody is alarmed.
test_redrive_leaves_no_lag() {
  local lag
  fail_records 8 3 && redrives 0 8 && start && wait_letters 16 || return 1
  for _ in $(seq 1 100); do
    lag=$(lag)
    [ "$lag" = "4 0" ] && break || sleep 0.1
  done
  is "$lag" "4 0" && stop "$pid"
}

# How many partitions show their lag, and how much that is together.
lag() { { exec 3<>"/dev/tcp/127.0.0.1/$http" && printf 'GET /metrics HTTP/1.0\r\n\r\n' >&3 && awk '/^stanced_lag_records[{]/ {n++; sum += $NF} END {print n + 0, sum + 0}' <&3; } 2>/dev/null; }

# Everything that must be dead-lettered, null and empty values among it, comes back byte for byte.
test_redrive_malformed() {
  feed malformed "$name.raw" && start && wait_letters 11 && stop "$pid" && redrives 0 11 || return 1
  is "$(compare)" "letters=11 sent=11 lost=0 repeated=0 altered=0 unknown=0 out_of_order=0"
}

test_redrive_filters() {
  fail_records 12 3 || return 1
  redrives 0 4 --key key-1 && redrives 0 0 --key key-1 && redrives 0 3 --limit 3 && redrives 0 3 --limit 3 || return 1
  redrives 0 0 --topic other && redrives 0 0 --code other && redrives 0 0 --until 1h && redrives 0 0 --since 2100-01-01 || return 1
  redrives 0 2 --topic "$name.raw" --code json.syntax --since 1h --until 2100-01-01 && redrives 0 0 || return 1
  is "$(compare)" "letters=12 sent=12 lost=0 repeated=0 altered=0 unknown=0 out_of_order=0" || return 1
  redrives 0 12 --redrive-group "$name-other" --dry-run
}

test_redrive_skips_what_it_is_told_to() {
  fail_records 6 3 || return 1
  redrives 0 2 --key key-1 --skip && redrives 0 0 || return 1
  is "$(compare)" "letters=6 sent=2 lost=4 repeated=0 altered=0 unknown=0 out_of_order=0"
}

test_redrive_guards_against_loops() {
  echo nonsense | sed 's/^/{/' | feed articles "$name.raw" 1 && start || return 1
  for i in 1 2 3; do wait_letters $i && redrives 0 1 || return 1; done
  wait_letters 4 && redrives 1 0 && grep -q 'stays: it was sent back 3 times already' "$work/said" || return 1
  is "$(letters count "$name.raw")" 4 && redrives 0 1 --redrives-most 4 && wait_letters 5 && stop "$pid"
}

# Hand-made letters: three that go home, and what cannot be sent, which stays, is named, and can be given up.
test_redrive_names_what_stays() {
  letters make "$name.dlq" "$name.raw" && redrives 1 3 && is "$(letters count "$name.raw")" 3 || return 1
  is "$(sed -n "s/.*$name.dlq\[0\]@\([0-9]*\) stays: //p" "$work/said" | sort)" "it was sent back 3 times already (--redrives-most)
its header stanced.redrives is no number
its headers do not say where it came from
its value is not here: it was too large for a dead letter
nothing is sent back into __consumer_offsets
there is no topic no.such.topic" || return 1
  redrives 1 0 && is "$(grep -c stays: "$work/said")" 6 && redrives 0 0 --code none --skip && redrives 0 0 && is "$(letters count "$name.raw")" 3
}

# Without a position nobody knows what became of old letters.
test_redrive_asks_about_the_past() {
  letters make "$name.dlq" "$name.raw" $((($(date +%s) - 864000) * 1000)) || return 1
  redrives 2 0 && grep -q -e --from-beginning "$work/said" && redrives 2 0 --dry-run && redrives 2 0 --code made.spring || return 1
  redrives 0 0 --since=144h --skip --redrive-group "$name-2" && redrives 0 0 --redrive-group "$name-2" || return 1
  redrives 1 3 --from-beginning && redrives 1 0
}

# More gaps than the note of a position can hold: what does not fit stays, and goes once others do not stand in the way.
test_redrive_remembers_what_it_can() {
  local sent
  letters make "$name.dlq" "$name.raw" 0 2300 || return 1
  redrive --code made.streams && { echo "all were sent"; return 1; }
  sent=$(wc -l <"$work/sent")
  [ "$sent" -gt 1800 ] && is "$(grep -c 'stays: too many were sent out of order' "$work/said")" $((2300 - sent)) || return 1
  redrives 0 $((2300 - sent)) --code made.streams --skip && redrives 0 0 || return 1
  is "$(letters count "$name.raw")" 2300
}

test_redrive_refused_by_the_broker() {
  local delivery
  { for i in 1 2 3 4; do echo "{broken $i"; done && printf '{%s\n' "$(yes 'large ' | tr -d '\n' | head -c 9000)" && echo '{last'; } |
    feed articles "$name.raw" 1 || return 1
  start && wait_letters 6 && stop "$pid" && limit raw 6000 || return 1
  for delivery in exactly_once at_least_once; do
    redrives 1 5 --delivery $delivery --redrive-group "$name-$delivery" -X producer.compression.type=none || return 1
    grep -q 'stays: the brokers refuse it' "$work/said" && redrives 1 0 --delivery $delivery --redrive-group "$name-$delivery" \
      -X producer.compression.type=none || return 1
  done
  is "$(letters count "$name.raw")" 16
}

# Starts a redrive that sends each record for itself, and waits until LINES are sent; its id is in $redriver.
start_slow_redrive() { # lines [option...]
  local lines=$1
  shift
  "$stanced" redrive "${common[@]}" --log_level error --commit_records 1 "$@" >"$work/slow" 2>>"$log" &
  redriver=$!
  pids+=("$redriver")
  for _ in $(seq 1 200); do
    [ "$(wc -l <"$work/slow")" -ge "$lines" ] && return 0
    kill -0 "$redriver" 2>/dev/null || break
    sleep 0.02
  done
  echo "the slow redrive sent $(wc -l <"$work/slow") records"
  return 1
}

test_redrive_killed() {
  fail_records 300 7 || return 1
  # Few: letters lie in the order in which they failed, all 42 of a key may be among the first.
  for lines in 1 6 12; do
    start_slow_redrive $lines || return 1
    kill_hard "$redriver"
  done
  start_slow_redrive 8 --key key-3 || return 1
  kill_hard "$redriver"
  redrive && redrives 0 0 || return 1
  is "$(compare)" "letters=300 sent=300 lost=0 repeated=0 altered=0 unknown=0 out_of_order=0"
}

# The second takes over: the first one's open transaction is ended, and what it still wants to send is refused.
test_redrive_two_at_once() {
  local status=0
  fail_records 300 7 && start_slow_redrive 20 || return 1
  kill -STOP "$redriver"
  redrive || return 1
  kill -CONT "$redriver"
  wait "$redriver" || status=$?
  is $status 3 && is "$(compare)" "letters=300 sent=300 lost=0 repeated=0 altered=0 unknown=0 out_of_order=0"
}

test_redrive_at_least_once_killed() {
  fail_records 100 7 --delivery at_least_once && start_slow_redrive 25 --delivery at_least_once || return 1
  kill_hard "$redriver"
  redrive --delivery at_least_once && redrives 0 0 --delivery at_least_once || return 1
  compare >"$work/compared" && cat "$work/compared"
  # One record was in hand.
  grep -Eq '^letters=100 sent=100 lost=0 repeated=[01] altered=0 unknown=0 ' "$work/compared"
}
