#!/usr/bin/env bash
# A real schema registry (Apicurio, by its Confluent API) beside stanced: registry.sh BUILD, with BROKER (secured.sh). Schemas are
# registered once, records carry their ids, what was framed by others is read, evolved too, and a registry that says no is heard.
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
# An article framed by others: JSON and Protobuf (id 1234; field 1 is the id, 2 the text: as in article.proto), and one of a later
# schema that has a field more.
printf '\000\000\000\004\322{"text": "Ann Lee praised Acme Corporation."}' >"$work/framed.json"
protoc_c_text=$(sed -n 's/^ *string text = \([0-9]*\);.*/\1/p' schemas/article.proto)
python3 - "$protoc_c_text" "$work" <<'P'
import sys
field, work = int(sys.argv[1]), sys.argv[2]
text = b"Bob Ray condemned Acme Corporation."
body = bytes([field << 3 | 2, len(text)]) + text
open(f"{work}/framed.pb", "wb").write(b"\0\0\0\4\xd2\0" + body)
open(f"{work}/evolved.pb", "wb").write(b"\0\0\0\4\xd3\0" + body + b"\xfa\x07\x03new")
P
send "$work/framed.json" "$work/framed.pb" "$work/evolved.pb"
fetch enriched 3
is "framed articles are read" "$(kcat -C -q -e -b "$BROKER" -t rp.enriched -o beginning -X isolation.level=read_committed -f '.' | wc -c)" 3
is "Protobuf: the frame" "$(frame enriched 6)" "$(printf '00%08x00' "$(id_of enriched)")"
is "Protobuf: the type" "$(call "$url/subjects/rp.enriched-value/versions/latest" | field schemaType)" PROTOBUF
is "no dead letters" "$(kcat -C -q -e -b "$BROKER" -t rp.dlq -o beginning -f '.' | wc -c)" 0
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
echo "registry: $passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]
