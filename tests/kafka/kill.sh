#!/usr/bin/env bash
# Many real articles through a real broker, killed three times in the middle: kill.sh BUILD COUNT FILE
# FILE has a JSON article with an "id" on each line, and may be gzipped. Prints what verify.c says, articles per second over
# the whole time, restarts included, and the most memory that a process had.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
[ $# = 3 ] || { sed -n '2,4p' "$0" >&2; exit 2; }
file=$(realpath "$3")
cd "$here/../.."
build=$1 count=$2
mkdir -p "$build/kafka/work"
bootstrap=$(KAFKA_DIR=$build/kafka "$here/broker.sh" up)
# shellcheck source=tests/kafka/lib.sh
. "$here/lib.sh"
trap 'kill_started; KAFKA_DIR=$build/kafka "$here/broker.sh" wipe' EXIT

peak_kib() { sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$1/status"; }
note_peak() { local now; now=$(peak_kib "$pid"); peak=$((now > peak ? now : peak)); }

use many
zcat -f "$file" | sed -n "1,${count}p" | feed articles "$name.raw" 997
peak=0 started=$(date +%s%N)
for round in 1 2 3; do
  start
  WAIT_S=3600 wait_done $((count / 5))
  note_peak
  kill_hard "$pid"
  echo "killed $round: $((count / 5)) more were done"
done
start
status=3
while [ $status = 3 ]; do
  status=0
  verify --wait 5 >"$work/many.txt" 2>/dev/null || status=$?
  note_peak
done
seconds=$(awk -v ns=$(($(date +%s%N) - started)) 'BEGIN {printf "%.1f", ns / 1e9}')
stop "$pid"
cat "$work/many.txt"
awk -v n="$count" -v s="$seconds" -v k="$peak" 'BEGIN {printf "kill.sh: %d articles in %.1f s, %.1f articles/s, peak %.0f MiB\n", n, s, n / s, k / 1024}'
exit $status
