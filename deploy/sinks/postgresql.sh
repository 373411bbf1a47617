#!/bin/sh
# Brings stances and entities from Kafka into PostgreSQL, each once: how far it came stands in the database, in the transaction of
# the rows. Needs kcat and psql, and postgresql.sql run before. For a few hundred rows a second; above that use Kafka Connect.
#   BROKERS   localhost:9092      TOPICS  "stances entities"
#   PAUSE     5 (seconds between two looks), or 0: once, and end
#   PGHOST, PGDATABASE, ...       as psql has them;  KCAT_CONFIG as kcat has it (passwords, TLS)
set -eu
brokers=${BROKERS:-localhost:9092}
topics=${TOPICS:-stances entities}
pause=${PAUSE:-5}
here=$(cd "$(dirname "$0")" && pwd)
batch=$(mktemp)
trap 'rm -f "$batch"' EXIT
trap 'exit 0' INT TERM

partitions() { kcat -L -b "$brokers" -t "$1" | sed -n 's/^ *partition \([0-9]*\),.*/\1/p'; }
position() { psql -XAtq -c "select coalesce((select next from stanced_positions where topic = '$1' and part = $2), 0)"; }

# Until the partition's present end. Only what is committed is read.
load() { # topic partition
  while :; do
    kcat -C -q -e -b "$brokers" -t "$1" -p "$2" -o "$(position "$1" "$2")" -c 5000 -X isolation.level=read_committed \
      -X auto.offset.reset=earliest -f '%o\t%T\t%s\n' >"$batch"
    [ -s "$batch" ] || return 0
    psql -X -v topic="$1" -v part="$2" -f "$here/postgresql-load.sql" <"$batch"
  done
}

while :; do
  for topic in $topics; do
    for partition in $(partitions "$topic"); do load "$topic" "$partition"; done
  done
  [ "$pause" != 0 ] || exit 0
  # In the background, so that a signal ends the pause.
  sleep "$pause" &
  wait $!
done
