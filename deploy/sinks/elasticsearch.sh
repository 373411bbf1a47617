#!/bin/sh
# Makes the index templates of elasticsearch.json, in Elasticsearch 7.8 or newer or in OpenSearch: elasticsearch.sh [URL]. Needs curl and python3.
# CURL_OPTIONS: "--user NAME:PASSWORD", "--cacert FILE", ... Index patterns have the names of the topics; other names: edit elasticsearch.json.
set -eu
url=${1:-http://localhost:9200}
here=$(cd "$(dirname "$0")" && pwd)
for name in articles stances entities; do
  python3 -c 'import json, sys; print(json.dumps(json.load(open(sys.argv[1]))[sys.argv[2]]))' "$here/elasticsearch.json" "$name" |
    curl -sS --fail-with-body ${CURL_OPTIONS:-} -X PUT -H 'Content-Type: application/json' --data-binary @- "${url%/}/_index_template/stanced-$name"
  echo " $name"
done
