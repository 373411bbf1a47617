#!/usr/bin/env bash
# deploy/sinks/*-connect.json in a real Kafka Connect: connect.sh BUILD, with BROKER and KAFKA_DIR (secured.sh). The connectors that they name are not to be had
# from Maven Central; Kafka's own file sink stands in for them, and all other settings stay: what Connect makes of the topics' records by these converters,
# and that each committed record arrives once, are the real ones; what the connector makes of them is not.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=$1 port=$((${PORT:-32110} + 4)) version=4.3.1
dir=$build/connect
work=$(mktemp -d)
passed=0 failed=0
stop_all() {
  [ -z "${stanced:-}" ] || kill "$stanced" 2>/dev/null || true
  [ -z "${worker:-}" ] || kill "$worker" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap stop_all EXIT
is() { # what actual expected
  if [ "$2" = "$3" ]; then passed=$((passed + 1)); else failed=$((failed + 1)) && echo "connect.sh: $1: $2, not $3"; fi
}
records() { kcat -C -q -e -b "$BROKER" -t "connect.$1" -o beginning -X isolation.level=read_committed; }
count() { records "$1" | wc -l; }
wait_for() { # command...; half a minute
  for _ in $(seq 1 60); do
    ! "$@" || return 0
    sleep 0.5
  done
  return 1
}

[ -e "$dir/connect-file-$version.jar" ] || mvn -q -B dependency:copy -Dartifact=org.apache.kafka:connect-file:$version -DoutputDirectory="$(realpath -m "$dir")" >&2
"$build/stanced" run --create --brokers "$BROKER" --group connect --input connect.raw --enriched_topic connect.enriched --stances_topic connect.stances \
  --entities_topic connect.entities --dead_letter_topic connect.dlq --status_topic connect.status --http_listen= 2>"$work/log" &
stanced=$!
has_topics() { kcat -L -b "$BROKER" -t connect.raw | grep -q 'partition 0,'; }
wait_for has_topics
kcat -P -b "$BROKER" -t connect.raw tests/cases/demo/0[1-9]*.json
files=(tests/cases/demo/0[1-9]*.json)
all_done() { [ "$(count enriched)" -ge ${#files[@]} ]; }
wait_for all_done || echo "connect.sh: not all articles done"
kill "$stanced" && wait "$stanced"
stanced=

cat >"$work/worker.properties" <<P
bootstrap.servers=$BROKER
listeners=http://127.0.0.1:$port
key.converter=org.apache.kafka.connect.storage.StringConverter
value.converter=org.apache.kafka.connect.storage.StringConverter
offset.storage.file.filename=$work/offsets
offset.flush.interval.ms=1000
plugin.discovery=service_load
plugin.path=$(realpath "$dir")
P
printf '%s\n' rootLogger.level=INFO rootLogger.appenderRef.c.ref=C appender.c.type=Console appender.c.name=C appender.c.layout.type=PatternLayout \
  'appender.c.layout.pattern=%d %p %m (%c)%n%throwable' >"$work/log4j2.properties"
# Topics of this test, the stand-in's class and file; nothing else is changed.
mapfile -t connectors < <(python3 - "$work" deploy/sinks/*-connect.json <<'P'
import json, sys
names = {"articles.enriched": "connect.enriched", "stances": "connect.stances", "entities": "connect.entities"}
for path in sys.argv[2:]:
    for name, settings in json.load(open(path)).items():
        settings = {**settings, "name": name, "topics": ",".join(names[topic] for topic in settings["topics"].split(",")),
                    "connector.class": "org.apache.kafka.connect.file.FileStreamSinkConnector", "file": f"{sys.argv[1]}/{name}.out"}
        with open(f"{sys.argv[1]}/{name}.json", "w") as file:
            json.dump({"name": name, "config": settings}, file)
        print(f"{sys.argv[1]}/{name}.json")
P
)
java -XX:TieredStopAtLevel=1 -Xmx256m -Dlog4j2.configurationFile="file:$work/log4j2.properties" -cp "$KAFKA_DIR/libs/*" org.apache.kafka.connect.cli.ConnectStandalone "$work/worker.properties" "${connectors[@]}" >"$work/connect.log" 2>&1 &
worker=$!
# A map begins with a brace; the text of an article has lines of its own.
maps() { cat "$work/stanced-$1.out" 2>/dev/null | grep -c '^{' || true; }
rows_are_there() { [ "$(maps rows)" -ge "$(($(count stances) + $(count entities)))" ]; }
articles_are_there() { [ "$(maps articles)" -ge "$(count enriched)" ]; }
wait_for rows_are_there && wait_for articles_are_there || tail -n 20 "$work/connect.log"
for name in stanced-articles stanced-rows; do
  is "state of $name" "$(curl -sS "http://127.0.0.1:$port/connectors/$name/status" | python3 -c 'import json, sys; a = json.load(sys.stdin); print(a["connector"]["state"], *[t["state"] for t in a["tasks"]])')" \
    "RUNNING RUNNING"
done
is rows "$(maps rows)" "$(($(count stances) + $(count entities)))"
is articles "$(maps articles)" "$(count enriched)"
# Maps, not text: the converter took the JSON apart.
is "rows with an article" "$(grep -c '[{ ]article_id=' "$work/stanced-rows.out")" "$(maps rows)"
is "articles with entities" "$(grep -c '[{ ]entities=\[{' "$work/stanced-articles.out")" "$(count enriched)"
is "committed alone are read" "$(grep -c 'isolation.level = read_committed' "$work/connect.log")" 2
echo "connect: $passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]
