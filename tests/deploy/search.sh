#!/usr/bin/env bash
# deploy/sinks/elasticsearch.* in a real OpenSearch, in one process: search.sh BUILD. The templates are taken, all records of the sample
# articles fit the mappings, and what one asks of them is found. Left out where there is no Java compiler.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=$1 port=$((${PORT:-32110} + 2))
url=http://127.0.0.1:$port
dir=$build/search
work=$(mktemp -d)
passed=0 failed=0
command -v javac >/dev/null || { echo "search: 0 passed, 0 failed, 1 skipped"; exit 0; }
stop_all() {
  [ -z "${node:-}" ] || kill "$node" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap stop_all EXIT
is() { # what actual expected
  if [ "$2" = "$3" ]; then passed=$((passed + 1)); else failed=$((failed + 1)) && echo "search.sh: $1: $2, not $3"; fi
}
call() { curl -sS -m 120 -H 'Content-Type: application/json' "$@"; }
get() { python3 -c 'import json, sys; print(eval(sys.argv[1], {"a": json.load(sys.stdin), "sorted": sorted, "len": len}))' "$1"; }

if [ ! -e "$dir/done" ]; then
  mkdir -p "$dir"
  mvn -q -B -f tests/deploy/search.xml dependency:copy-dependencies -DoutputDirectory="$(realpath "$dir")/libs" >&2
  javac -cp "$dir/libs/*" -d "$dir" tests/deploy/SearchNode.java && touch "$dir/done"
fi
java -XX:TieredStopAtLevel=1 -Xmx512m -cp "$dir:$dir/libs/*" SearchNode "$work/home" "$port" >"$work/log" 2>&1 &
node=$!
for _ in $(seq 1 600); do
  curl -fsS "$url" >/dev/null 2>&1 && break
  kill -0 $node || { tail "$work/log"; exit 1; }
  sleep 0.5
done

deploy/sinks/elasticsearch.sh "$url" >"$work/said"
is "templates" "$(grep -o '{"acknowledged":true} [a-z]*' "$work/said" | cut -d' ' -f2 | paste -sd' ')" "articles stances entities"

# The records as they leave, by the bulk interface: what Kafka Connect's sink does.
python3 -c 'import json, sys; [print(json.dumps(json.load(open(name)))) for name in sys.argv[1:]]' tests/cases/demo/[0-2]*.json | "$build/tests/embedded/records" >"$work/records"
python3 - "$work" <<'P'
import collections, json, sys
work, counts = sys.argv[1], collections.Counter()
with open(f"{work}/bulk", "w") as bulk:
    for number, line in enumerate(open(f"{work}/records")):
        row = json.loads(line)
        index = {"stanced.article/1": "articles.enriched", "stanced.stance/1": "stances", "stanced.entity/1": "entities"}[row["schema"]]
        counts[index] += 1
        key = row["id"] if index == "articles.enriched" else f"{index}+0+{number}"
        bulk.write(json.dumps({"index": {"_index": index, "_id": key}}) + "\n" + json.dumps(row) + "\n")
    # A later version's record has a field more, which is kept and not searched.
    row = {"schema": "stanced.stance/1", "article_id": "later", "source": {"name": "A", "type": "Person"}, "target": {"name": "B", "type": "Person"}, "polarity": "for",
           "score": 1, "confidence": 1, "evidence": "e", "mood": {"deep": [1, "two"]}}
    bulk.write(json.dumps({"index": {"_index": "stances", "_id": "later"}}) + "\n" + json.dumps(row) + "\n")
    counts["stances"] += 1
json.dump(counts, open(f"{work}/counts", "w"))
P
call --data-binary @"$work/bulk" "$url/_bulk?refresh=true" >"$work/answer"
is "all records fit" "$(get 'a["errors"]' <"$work/answer")" False
for index in articles.enriched stances entities; do
  is "documents in $index" "$(call "$url/$index/_count" | get 'a["count"]')" "$(get "a['$index']" <"$work/counts")"
done
is "nothing was mapped that was not meant" "$(call "$url/stances/_mapping" | get '"mood" in a["stances"]["mappings"]["properties"]')" False
is "it is kept" "$(call "$url/stances/_doc/later" | get 'a["_source"]["mood"]["deep"]')" "[1, 'two']"

# What is asked: who is against whom; the score by day; articles in which an actor stands out; a word of the text.
row=$(grep -m 1 '"schema":"stanced.stance/1".*"published_at".*"polarity":"against"' "$work/records")
source=$(get 'a["source"]["name"]' <<<"$row") target=$(get 'a["target"]["name"]' <<<"$row")
python3 -c 'import json, sys; print(json.dumps({"size": 0, "query": {"bool": {"filter": [{"term": {"source.name": sys.argv[1]}}, {"term": {"target.name": sys.argv[2]}}]}},
  "aggs": {"day": {"date_histogram": {"field": "published_at", "calendar_interval": "day", "min_doc_count": 1}, "aggs": {"score": {"weighted_avg": {"value": {"field": "score"}, "weight": {"field": "confidence"}}}}}}}))' \
  "$source" "$target" >"$work/query"
found=$(call -d @"$work/query" "$url/stances/_search" | get '[(b["key_as_string"][:10], round(b["score"]["value"], 3)) for b in a["aggregations"]["day"]["buckets"]]')
is "score by day" "$found" "$(python3 - "$work/records" "$source" "$target" <<'P'
import collections, json, sys
days = collections.defaultdict(list)
for line in open(sys.argv[1]):
    row = json.loads(line)
    if row["schema"] == "stanced.stance/1" and (row["source"]["name"], row["target"]["name"]) == tuple(sys.argv[2:]) and "published_at" in row:
        days[row["published_at"][:10]].append((row["score"], row["confidence"]))
print([(day, round(sum(s * c for s, c in of_day) / sum(c for _, c in of_day), 3)) for day, of_day in sorted(days.items())])
P
)"
python3 -c 'import json, sys; print(json.dumps({"query": {"nested": {"path": "entities", "query": {"bool": {"filter": [{"term": {"entities.name": sys.argv[1]}}, {"range": {"entities.salience": {"gt": 0}}}]}}}}}))' "$source" >"$work/query"
is "an actor's articles" "$([ "$(call -d @"$work/query" "$url/articles.enriched/_search" | get 'a["hits"]["total"]["value"]')" -gt 0 ] && echo found)" found
is "a word of the text, in another form" "$([ "$(call -d '{"query": {"match": {"text": "mackerels"}}}' "$url/articles.enriched/_search" | get 'a["hits"]["total"]["value"]')" -gt 0 ] && echo found)" found
is "offsets are not searched" "$(call -d '{"query": {"exists": {"field": "regions.start"}}}' "$url/articles.enriched/_search" | get 'a["hits"]["total"]["value"]')" 0
python3 -c 'import json; connectors = json.load(open("deploy/sinks/elasticsearch-connect.json")); assert all(c["connection.url"] and c["value.converter.schemas.enable"] == "false" for c in connectors.values())'
passed=$((passed + 1))
echo "search: $passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]
