# What run.sh and kill.sh share: topics, processes, progress. Sourced. Needs `build` and `bootstrap`.
stanced=${STANCED:-$build/stanced}
faulty=$build/tests/stanced-faults # fails where STANCED_FAULT says: processor/runtime/fault.h
tools=${TOOLS:-$build/tests/kafka}
work=$build/kafka/work
http=${HTTP_PORT:-19464}
pids=()

# Everything a test uses has its name in front, so that tests do not see each other's records.
use() { # name
  name=$1
  log=$work/$name.log
  : >"$log"
  common=(--brokers "$bootstrap" --group "$name" --input "$name.raw" --enriched_topic "$name.enriched" --stances_topic "$name.stances"
    --entities_topic "$name.entities" --dead_letter_topic "$name.dlq" --status_topic "$name.status" --commit_interval_ms 100
    --commit_records 20 --status_interval_ms 1s -X consumer.session.timeout.ms=6000 -X producer.transaction.timeout.ms=15000)
  "$stanced" topics --create --partitions 4 "${common[@]}" >>"$log" 2>&1
}

# Starts a process; its id is in $pid. Extra options come last. A second one needs another --http_listen and --instance.
start() {
  "$stanced" run "${common[@]}" --instance "$name-1" --http_listen "127.0.0.1:$http" "$@" >>"$log" 2>&1 &
  pid=$!
  pids+=("$pid")
}

metric() { # name -> value, 0 where nobody answers
  local value
  value=$( { exec 3<>"/dev/tcp/127.0.0.1/$http" && printf 'GET /metrics HTTP/1.0\r\n\r\n' >&3 && sed -n "s/^stanced_$1 //p" <&3; } 2>/dev/null) || true
  echo "${value:-0}"
}

ready() { { exec 3<>"/dev/tcp/127.0.0.1/$http" && printf 'GET /readyz HTTP/1.0\r\n\r\n' >&3 && tail -n 1 <&3; } 2>/dev/null || true; }

# Waits until the running process has committed COUNT articles.
wait_done() { # count
  for _ in $(seq 1 "${WAIT_S:-60}0"); do
    [ "$(metric articles_done_total)" -ge "$1" ] && return 0
    sleep 0.1
  done
  echo "$name: not $1 articles done after ${WAIT_S:-60} s" >&2
  return 1
}

# The text has to stand in the log within a minute, COUNT times (default 1).
wait_logged() { # text [count]
  for _ in $(seq 1 600); do
    [ "$(grep -c -- "$1" "$log")" -ge "${2:-1}" ] && return 0
    sleep 0.1
  done
  echo "$name: not ${2:-1} times in the log after 60 s: $1" >&2
  return 1
}

kill_hard() { kill -9 "$1" 2>/dev/null || true; wait "$1" 2>/dev/null || true; }

# Starts one that fails, as start does.
start_faulty() { # fault options...
  local fault=$1
  shift
  STANCED_FAULT=$fault stanced=$faulty start "$@"
}

# The process has to end by this signal within a minute, and by nothing else.
wait_killed() { # pid signal
  local status=0
  for _ in $(seq 1 600); do kill -0 "$1" 2>/dev/null || break; sleep 0.1; done
  kill -0 "$1" 2>/dev/null && { echo "$name: still runs, signal $2 was due" >&2; return 1; }
  wait "$1" || status=$?
  [ $status = $((128 + $2)) ] || { echo "$name: exit status $status, not by signal $2" >&2; return 1; }
}

# SIGTERM; the exit status is checked.
stop() { # pid
  kill -TERM "$1"
  wait "$1" || { echo "$name: exit status $? after SIGTERM" >&2; return 1; }
}

feed() { "$tools/feed" "$bootstrap" "$@"; }
verify() { "$tools/verify" "$bootstrap" "$name" "$name.raw" "$name.enriched" "$name.stances" "$name.entities" "$name.dlq" "$@"; }

positions() { "$tools/positions" "$bootstrap" "$@"; }

kill_started() {
  local each
  for each in "${pids[@]}"; do kill -9 "$each" 2>/dev/null || true; done
}
