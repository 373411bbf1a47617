#!/usr/bin/env bash
# A real schema registry (Apicurio, by its Confluent API) beside stanced: registry.sh BUILD, with BROKER (secured.sh). Schemas are
# registered once, records carry their ids, what was framed by others is read by its schema, evolved too, a registry that is away is waited for,
# and one that says no is heard.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=$1
dir=$build/registry version=3.0.9 port=${PORT:-32110} # the newest line that runs on Java 17
url=http://127.0.0.1:$port/apis/ccompat/v7
work=$(mktemp -d)
passed=0 failed=0

stop_all() {
  [ -z "${stanced:-}" ] || kill "$stanced" 2>/dev/null || true
  [ -z "${registry:-}" ] || kill "$registry" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap stop_all EXIT

is() { # what actual expected
  if [ "$2" = "$3" ]; then passed=$((passed + 1)); else failed=$((failed + 1)) && echo "registry.sh: $1: $2, not $3"; fi
}
has() { # what text part
  case $2 in *"$3"*) passed=$((passed + 1)) ;; *) failed=$((failed + 1)) && echo "registry.sh: $1: no \"$3\" in: $2" ;; esac
}
start_registry() {
  if [ ! -e "$dir/done" ]; then
    mvn -q -B dependency:copy -Dartifact=io.apicurio:apicurio-registry-app:$version:tar.gz:all -DoutputDirectory="$dir" >&2
    tar -xzf "$dir/apicurio-registry-app-$version-all.tar.gz" -C "$dir" && touch "$dir/done"
  fi
  java -XX:TieredStopAtLevel=1 -Xmx384m -Dquarkus.http.host=127.0.0.1 -Dquarkus.http.port="$port" -jar "$dir/apicurio-registry-app-$version-runner.jar" \
    >"$work/registry.log" 2>&1 &
  registry=$!
  for _ in $(seq 1 600); do
    curl -fsS "$url/subjects" >/dev/null 2>&1 && return 0
    kill -0 $registry || break
    sleep 0.2
  done
  tail "$work/registry.log"
  return 1
}
call() { curl -sS -m 20 -H 'Content-Type: application/vnd.schemaregistry.v1+json' "$@"; }
field() { python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }

# NAME [option...]: a stanced with topics of that name, articles sent and done.
start() {
  name=$1
  shift
  "$build/stanced" run --create --brokers "$BROKER" --group "$name" --input "$name.raw" --enriched_topic "$name.enriched" --stances_topic "$name.stances" \
    --entities_topic "$name.entities" --dead_letter_topic "$name.dlq" --status_topic "$name.status" --http_listen= --schema_registry "$url" "$@" 2>"$work/log" &
  stanced=$!
}
stop() { kill "$stanced" && wait "$stanced" && stanced=; }
send() { kcat -P -b "$BROKER" -t "$name.raw" "$@"; }
# The values of a topic, each in a file of its own, once there are COUNT.
fetch() { # topic count
  for _ in $(seq 1 120); do
    [ "$(kcat -C -q -e -b "$BROKER" -t "$name.$1" -o beginning -X isolation.level=read_committed -f '.' 2>/dev/null | wc -c)" -ge "$2" ] && break
    sleep 0.5
  done
  kcat -C -q -e -b "$BROKER" -t "$name.$1" -o beginning -c 1 -X isolation.level=read_committed -D '' >"$work/$1"
}
frame() { head -c "$2" "$work/$1" | od -An -tx1 | tr -d ' \n'; }
id_of() { call "$url/subjects/$name.$1-value/versions/latest" | field id; }

start_registry

start rj
until kcat -L -b "$BROKER" -t rj.raw | grep -q 'partition 0,'; do sleep 0.2; done
send tests/cases/demo/02-mackerel-row.json
fetch stances 3
is "JSON: the frame" "$(frame stances 6)" "$(printf '00%08x7b' "$(id_of stances)")"
is "JSON: the type" "$(call "$url/subjects/rj.stances-value/versions/latest" | field schemaType)" JSON
tail -c +6 "$work/stances" | python3 -c 'import json, sys; assert json.load(sys.stdin)["schema"] == "stanced.stance/1"' && passed=$((passed + 1))
first=$(id_of stances)
stop
start rj
sleep 3
is "a second start registers nothing new" "$(call "$url/subjects/rj.stances-value/versions") $(id_of stances)" "[1] $first"
stop

start rp --format_out protobuf
until kcat -L -b "$BROKER" -t rp.raw | grep -q 'partition 0,'; do sleep 0.2; done
# Articles framed by others: JSON; Protobuf as in article.proto, and with a field more, which is the next version of its subject; a
# message of somebody's own, nested and second in its file; and what cannot be read: an id that nobody has, Avro, a message without text.
register() { # subject type file
  python3 -c 'import json, sys; print(json.dumps({"schemaType": sys.argv[1], "schema": open(sys.argv[2]).read()}))' "$2" "$3" >"$work/schema"
  call -d @"$work/schema" "$url/subjects/$1/versions" | field id
}
echo '{"type": "object", "properties": {"text": {"type": "string"}}}' >"$work/article.json"
echo '{"type": "record", "name": "Article", "fields": [{"name": "text", "type": "string"}]}' >"$work/article.avsc"
sed '/string html/a string mood = 127;' schemas/article.proto >"$work/evolved.proto"
cat >"$work/own.proto" <<'P'
syntax = "proto3";
package news;
import "google/protobuf/timestamp.proto";
message Ping { int64 at = 1; }
message Feed {
  enum Kind { NEWS = 0; }
  message Empty {}
  message Item { // a comment; }
    reserved 2;
    google.protobuf.Timestamp published_at = 3;
    oneof content { string body = 40; }
    string headline = 1;
  }
  repeated Item items = 1;
}
P
json=$(register rp.json JSON "$work/article.json") article=$(register rp.raw-value PROTOBUF schemas/article.proto)
call -X PUT -d '{"compatibility": "FULL"}' "$url/config/rp.raw-value" >/dev/null
evolved=$(register rp.raw-value PROTOBUF "$work/evolved.proto") own=$(register rp.own PROTOBUF "$work/own.proto") avro=$(register rp.avro AVRO "$work/article.avsc")
is "a field more is another schema" "$([ "$evolved" != "$article" ] && call "$url/subjects/rp.raw-value/versions")" "[1,2]"
python3 - "$work" "$json" "$article" "$evolved" "$own" "$avro" <<'P'
import sys
work, (json, article, evolved, own, avro) = sys.argv[1], map(int, sys.argv[2:])
text = b"Bob Ray condemned Acme Corporation."
def field(number, value): # of up to 127 bytes
    tag = number << 3 | 2
    return (bytes([tag]) if tag < 128 else bytes([tag & 127 | 128, tag >> 7])) + bytes([len(value)]) + value
def write(name, schema, rest):
    open(f"{work}/{name}", "wb").write(b"\0" + schema.to_bytes(4, "big") + rest)
write("a-json", json, b'{"text": "Ann Lee praised Acme Corporation.", "id": "json"}')
write("b-article", article, b"\0" + field(1, b"article") + field(8, text))
write("c-evolved", evolved, b"\0" + field(1, b"evolved") + field(8, text) + field(127, b"new"))
# [1, 1]: the second message of the file, the second one in it. 3 is a timestamp (seconds).
write("d-own", own, bytes([4, 2, 2]) + field(1, b"An own headline") + field(3, b"\x08\xe0\xec\xa8\xed\x05") + field(40, text))
write("e-unknown", 99999, b"\0" + field(8, text))
write("f-avro", avro, bytes([2 * len(text)]) + text)
write("g-ping", own, bytes([0]) + b"\x08\x05")
write("h-nowhere", own, bytes([2, 8]) + field(8, text))
P
send "$work/a-json" "$work/b-article" "$work/c-evolved" "$work/d-own" "$work/e-unknown" "$work/f-avro" "$work/g-ping" "$work/h-nowhere"
fetch enriched 4
count() { kcat -C -q -e -b "$BROKER" -t "$name.$1" -o beginning -X isolation.level=read_committed -f '.' | wc -c; }
letters() { kcat -C -q -e -b "$BROKER" -t "$name.dlq" -o beginning -X isolation.level=read_committed -f '%h\n' | grep -o 'stanced.code=[a-z.]*' | sort | uniq -c | awk '{print $1, $2}' | paste -sd' '; }
is "framed articles are read" "$(count enriched)" 4
is "Protobuf: the frame" "$(frame enriched 6)" "$(printf '00%08x00' "$(id_of enriched)")"
is "Protobuf: the type" "$(call "$url/subjects/$name.enriched-value/versions/latest" | field schemaType)" PROTOBUF
is "what cannot be read" "$(letters)" "1 stanced.code=schema.kind 2 stanced.code=schema.message 1 stanced.code=schema.unknown"
kcat -C -q -e -b "$BROKER" -t "$name.enriched" -o beginning -X isolation.level=read_committed >"$work/all"
has "the own message: headline" "$(tr -d '\000' <"$work/all")" "An own headline"
has "the own message: date" "$(tr -d '\000' <"$work/all")" "2019-10-18T22:02:08Z"
has "the reason" "$(kcat -C -q -e -b "$BROKER" -t "$name.dlq" -o beginning -f '%h\n')" "the schema registry does not know schema 99999"
stop

# A registry that is away holds framed articles back, and says so; others go on, and nothing is lost when it is back.
start ra --schema_registry_for input --http_listen 127.0.0.1:$((port + 1)) --workers 2
until curl -fsS "http://127.0.0.1:$((port + 1))/readyz" >/dev/null 2>&1; do sleep 0.2; done
send "$work/b-article"
fetch enriched 1
is "records without frames" "$(frame enriched 1)" 7b
kill -STOP $registry
send "$work/b-article" "$work/c-evolved" "$work/d-own"
for _ in $(seq 1 80); do curl -sS "http://127.0.0.1:$((port + 1))/readyz" | grep -q waiting && break; sleep 0.25; done
is "while it is away" "$(curl -sS "http://127.0.0.1:$((port + 1))/readyz")" waiting
curl -sS "http://127.0.0.1:$((port + 1))/metrics" >"$work/metrics"
has "its lookups" "$(grep 'lookups_total{result="away"}' "$work/metrics")" '} 1'
kill -CONT $registry
fetch enriched 4
is "when it is back: articles" "$(count enriched)" 4
is "when it is back: dead letters" "$(letters)" ""
for _ in $(seq 1 20); do curl -fsS "http://127.0.0.1:$((port + 1))/readyz" >/dev/null 2>&1 && break; sleep 0.25; done
is "when it is back: ready" "$(curl -sS "http://127.0.0.1:$((port + 1))/readyz")" running
# Stopped while it waits, it ends in time, and the article is there for the next one.
kill -STOP $registry
write_id() { python3 -c 'import sys; d = open(sys.argv[1], "rb").read(); open(sys.argv[2], "wb").write(d[:1] + int(sys.argv[3]).to_bytes(4, "big") + d[5:])' "$@"; }
again=$(kill -CONT $registry; register ra.again PROTOBUF "$work/evolved.proto"; kill -STOP $registry)
write_id "$work/b-article" "$work/again" "$again"
stop
started=$SECONDS
start ra --schema_registry_for input --drain_ms 1s
send "$work/again"
sleep 4
stop
is "stopping takes no longer" "$([ $((SECONDS - started)) -lt 15 ] && echo yes)" yes
kill -CONT $registry
start ra --schema_registry_for input
fetch enriched 5
is "the article that waited" "$(count enriched)" 5
stop

# Evolution: a field more is a second version of the subject; a field of another type is refused, and stanced does not start.
python3 -c 'import json, sys; print(json.dumps({"schemaType": "PROTOBUF", "schema": open("schemas/stance.proto").read().replace("string url = 2;", "int64 url = 2;")}))' >"$work/other.json"
has "a subject with another type" "$(call -d @"$work/other.json" "$url/subjects/rx.stances-value/versions")" '"id"'
call -X PUT -d '{"compatibility": "FULL"}' "$url/config/rx.stances-value" >/dev/null
start rx --format_out protobuf
status=0
wait "$stanced" || status=$?
stanced=
is "refused: exit status" $status 2
has "refused: the message" "$(tail -n 1 "$work/log")" "refuses subject rx.stances-value: 409"
url=http://127.0.0.1:$port/nowhere start rj
status=0
wait "$stanced" || status=$?
stanced=
is "wrong path: exit status" $status 2
has "wrong path: the message" "$(tail -n 1 "$work/log")" "is the path of \`schema_registry\` right?"
url=http://127.0.0.1:1 start rj
status=0
wait "$stanced" || status=$?
stanced=
is "away: exit status" $status 3
has "away: the message" "$(tail -n 1 "$work/log")" "the schema registry does not answer"
# Before anything runs.
checked() { "$build/stanced" check --brokers "$BROKER" --http_listen= --schema_registry "$1" | grep registry || true; }
has "check: fine" "$(checked "$url")" "ok       registry"
has "check: wrong path" "$(checked "http://127.0.0.1:$port/nowhere")" "is no schema registry: it answers 404"
has "check: away" "$(checked http://127.0.0.1:1)" "does not answer"
echo "registry: $passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]
