#!/bin/sh
# Sends every file of a folder as one record, again and again until stopped.
#   BROKERS   localhost:9092     TOPIC  articles.raw
#   FOLDER    /articles          PAUSE  1 (seconds between two articles)
#   ROUNDS    0 (for ever), or how many times
set -eu
brokers=${BROKERS:-localhost:9092}
topic=${TOPIC:-articles.raw}
folder=${FOLDER:-/articles}
rounds=${ROUNDS:-0}
trap 'exit 0' INT TERM

round=0
while [ "$rounds" -eq 0 ] || [ "$round" -lt "$rounds" ]; do
  for file in "$folder"/*.json "$folder"/*.html "$folder"/*.txt "$folder"/broken/*; do
    [ -s "$file" ] || continue # kcat makes no record of an empty file
    kcat -P -b "$brokers" -t "$topic" -X message.timeout.ms=30000 "$file"
    echo "sent $(basename "$file")"
    # In the background, so that a signal ends the pause.
    sleep "${PAUSE:-1}" &
    wait $!
  done
  round=$((round + 1))
done
