#!/usr/bin/env bash
# Memory at a large backlog, of one process against a real broker: memory.sh BUILD [SMALL [LARGE [SECONDS]]]
#   small     SMALL (500000) articles of one line, far more than may be in hand
#   large     LARGE (300) articles of 900 kB: half are pages of which little is text, half are one word
# For each: what was done in SECONDS at most (600), the most memory that the process had (VmHWM), and what it may have: the
# budget of records in hand, what librdkafka has fetched and is to send, and what is kept for the page and of repeated texts; the
# model and everything else are FIXED_MIB. Exits with 1 where it had more.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
build=$1 small=${2:-500000} large=${3:-300} limit_s=${4:-600}
budget_mib=64 fetched_mib=16 sent_mib=8 web_mib=16 memo_mib=16 FIXED_MIB=96
mkdir -p "$build/kafka/work"
bootstrap=$(KAFKA_DIR=$build/kafka "$here/broker.sh" up)
# shellcheck source=tests/kafka/lib.sh
. "$here/lib.sh"
trap 'kill_started; KAFKA_DIR=$build/kafka "$here/broker.sh" wipe' EXIT
most_mib=$((budget_mib + fetched_mib + sent_mib + web_mib + memo_mib + FIXED_MIB))
failed=0

of_process() { sed -n "s/^$1:[^0-9]*\([0-9]*\).*/\1/p" "/proc/$pid/status"; }
mib() { echo $((${1:-0} / 1024)); }

small_articles() { awk -v n="$small" 'BEGIN {for (i = 0; i < n; i++) printf "{\"id\": \"s-%d\", \"text\": \"Nothing new today.\"}\n", i}'; }

large_articles() {
  awk -v n="$large" 'BEGIN {
    for (junk = "var a = 0; "; length(junk) < 899000; junk = junk junk);
    junk = substr(junk, 1, 899000)
    for (word = "x"; length(word) < 900000; word = word word);
    word = substr(word, 1, 900000)
    for (i = 0; i < n; i++)
      if (i % 2) printf "{\"id\": \"l-%d\", \"text\": \"%s\"}\n", i, word
      else printf "{\"id\": \"l-%d\", \"html\": \"<p>Ada Brandt praised Halden Bank.</p><script>%s</script>\"}\n", i, junk
  }'
}

measure() { # what count
  local done_count=0 in_hand=0 most_in_hand=0 started=$SECONDS peak
  start --workers 2 --memory_bytes "${budget_mib}MiB" --commit_records 500
  while [ "$done_count" -lt "$2" ] && [ $((SECONDS - started)) -lt "$limit_s" ]; do
    sleep 1
    done_count=$(metric articles_done_total)
    in_hand=$(metric memory_bytes)
    most_in_hand=$((in_hand > most_in_hand ? in_hand : most_in_hand))
  done
  peak=$(mib "$(of_process VmHWM)")
  echo "memory.sh: $1: $done_count of $2 done in $((SECONDS - started)) s; in hand at most $((most_in_hand / 1048576)) of $budget_mib MiB," \
    "process $peak MiB at most, $(mib "$(of_process VmRSS)") MiB at last; allowed $most_mib MiB"
  [ "$done_count" -gt 0 ] && [ "$peak" -le $most_mib ] || failed=1
  stop "$pid"
}

use memory-small
small_articles | feed articles "$name.raw" 997
measure "small articles" "$small"
use memory-large
large_articles | feed articles "$name.raw" 97
measure "articles of 900 kB" "$large"
exit $failed
