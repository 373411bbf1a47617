#!/usr/bin/env bash
# deploy/sinks/postgresql* against a real PostgreSQL: postgresql.sh BUILD, with BROKER (secured.sh). Sample articles go through
# stanced into the tables, by two loaders at once, one of them killed; rows and view must be what the topics hold.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=$1
work=$(mktemp -d)
bin=$(find /usr/lib/postgresql/*/bin -maxdepth 0 | sort -V | tail -n 1)
export PGHOST=$work PGPORT=5432 PGUSER=postgres PGDATABASE=postgres BROKERS=$BROKER TOPICS="pg.stances pg.entities" PAUSE=0
passed=0 failed=0

# PostgreSQL does not run as root.
as_postgres() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
stop_all() {
  [ -z "${stanced:-}" ] || kill "$stanced" 2>/dev/null || true
  as_postgres "$bin/pg_ctl" -D "$work/data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap stop_all EXIT

is() { # what actual expected
  if [ "$2" = "$3" ]; then passed=$((passed + 1)); else failed=$((failed + 1)) && echo "postgresql.sh: $1: $2, not $3"; fi
}
ask() { psql -XAtq -c "$1"; }
records() { kcat -C -q -e -b "$BROKER" -t "$1" -o beginning -X isolation.level=read_committed; }
sent=0
# Sends the files, and waits until they are done.
send() {
  kcat -P -b "$BROKER" -t pg.raw "$@"
  sent=$((sent + $#))
  for _ in $(seq 1 60); do
    [ "$(records pg.enriched | wc -l)" -lt $sent ] || return 0
    sleep 0.5
  done
  echo "postgresql.sh: not $sent articles done"
  return 1
}

chmod 755 "$work"
install -d -o "$(as_postgres id -un)" "$work/data" "$work/socket"
as_postgres "$bin/initdb" -D "$work/data" -U postgres --auth=trust -E UTF8 --locale=C.UTF-8 >/dev/null
as_postgres "$bin/pg_ctl" -D "$work/data" -w -l "$work/data/log" -o "-k $work/socket -c listen_addresses='' -c fsync=off" start >/dev/null
export PGHOST=$work/socket
psql -Xq -v ON_ERROR_STOP=1 -f deploy/sinks/postgresql.sql && psql -Xq -v ON_ERROR_STOP=1 -f deploy/sinks/postgresql.sql 2>/dev/null

names=(--brokers "$BROKER" --input pg.raw --enriched_topic pg.enriched --stances_topic pg.stances --entities_topic pg.entities
  --dead_letter_topic pg.dlq --status_topic pg.status --group pg --http_listen=)
"$build/stanced" run --create "${names[@]}" 2>"$work/log" &
stanced=$!
until kcat -L -b "$BROKER" -t pg.raw | grep -q 'partition 0,'; do sleep 0.2; done
send tests/cases/demo/0[1-9]*.json
deploy/sinks/postgresql.sh
is "rows of stances" "$(ask 'select count(*) from stances')" "$(records pg.stances | wc -l)"
is "rows of entities" "$(ask 'select count(*) from entities')" "$(records pg.entities | wc -l)"
is "there are rows" "$(ask 'select count(*) > 20 from stances')" t

# More, by two at once; the one that is killed leaves nothing half done.
# Two articles of one day on one pair, which the view has to weigh.
day='"published_at": "2026-03-02T0%d:00:00Z", "text": "%s"}'
printf "{\"id\": \"first\", $day" 8 'Ann Lee sharply criticised Acme Corporation. “Acme Corporation has betrayed its workers,” Ann Lee said.' >"$work/first.json"
printf "{\"id\": \"second\", $day" 9 'Ann Lee said that Acme Corporation had done rather well this year.' >"$work/second.json"
send tests/cases/demo/[12]*.json tests/cases/demo/01*.json "$work/first.json" "$work/second.json"
for _ in 1 2 3; do
  deploy/sinks/postgresql.sh &
  loader=$!
  sleep 0.3
  kill -9 $loader 2>/dev/null || true
  wait $loader 2>/dev/null || true
done
deploy/sinks/postgresql.sh &
loader=$!
deploy/sinks/postgresql.sh
wait $loader
# An article that was sent twice is one. Four decimals, as the scores have: with two, the server and Python part at ties.
records pg.stances | python3 -c '
import collections, json, sys
rows = {}
for line in sys.stdin:
    row = json.loads(line)
    rows[row["article_id"], row["source"]["name"], row["source"]["type"], row["target"]["name"], row["target"]["type"]] = row
days = collections.defaultdict(list)
for row in rows.values():
    if "published_at" in row:
        days[row["published_at"][:10], row["source"]["name"], row["target"]["name"]].append((row["score"], row["confidence"]))
print(len(rows))
for key, of_day in sorted(days.items()):
    print(*key, len(of_day), "%.4f" % (sum(s * c for s, c in of_day) / sum(c for _, c in of_day)), sep="|")
' >"$work/expected"
is "rows after the second load" "$(ask 'select count(*) from stances')" "$(head -n 1 "$work/expected")"
is "positions" "$(ask "select sum(next) >= (select count(*) from stances) from stanced_positions where topic = 'pg.stances'")" t
ask "select day, source, target, articles, to_char(score, 'FM990.0000') from stance_by_day where (day, source, target) in
  (select (published_at at time zone 'UTC')::date, source, target from stances where published_at is not null)
  order by day::text collate \"C\", source collate \"C\", target collate \"C\"" | sed 's/|-0.0000$/|0.0000/' >"$work/view"
tail -n +2 "$work/expected" | sed 's/|-0.0000$/|0.0000/' | LC_ALL=C sort >"$work/sorted"
is "the view" "$(LC_ALL=C sort "$work/view" | md5sum)" "$(md5sum <"$work/sorted")"
has_two=$(cut -d'|' -f4 "$work/sorted" | grep -vc '^1$' || true)
is "days with more than one" "$([ "$has_two" -gt 0 ] && echo yes)" yes
is "days in the view" "$(wc -l <"$work/view")" "$(wc -l <"$work/sorted")"
deploy/sinks/postgresql.sh
is "a load of nothing new" "$(ask 'select count(*) from stances')" "$(head -n 1 "$work/expected")"
kill "$stanced" && wait "$stanced"
is "stanced's exit status" $? 0
stanced=
[ "$failed" = 0 ] || LC_ALL=C sort "$work/view" | diff - "$work/sorted" | head -n 5
echo "postgresql: $passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]
