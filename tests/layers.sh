#!/usr/bin/env bash
# Fails where a file includes what its folder may not know, or rdkafka.h outside the parts that speak Kafka.
#   layers.sh          checks processor/
#   layers.sh --self   checks that a forbidden include is found
set -euo pipefail
cd "$(dirname "$0")/.."

# What a folder may include besides itself.
declare -A may=(
  [runtime]=""
  [text]="runtime"
  [model]="runtime text"
  [knowledge]="runtime text"
  [extract]="runtime text model knowledge"
  [ingest]="runtime text"
  [emit]="runtime text ingest extract"
  [ops]="runtime"
  [web]="runtime text extract ingest emit ops"
  [pipeline]="runtime text model knowledge extract ingest emit ops web"
  [commands]="runtime text model knowledge extract ingest emit ops web pipeline"
  [main]="runtime commands"
)
kafka='^processor/(ingest/|emit/|pipeline[a-z_]*\.[ch]|commands/(demo|watch|topics|check|run|redrive)[a-z_]*\.[ch])'

# Sets `layer`: processor/text/html.c -> text; beside main.c there are only the parts of the pipeline.
layer_of() {
  local path=${1#processor/}
  case $path in
    */*) layer=${path%%/*} ;;
    main.c) layer=main ;;
    *) layer=pipeline ;;
  esac
}

check() { # root
  local failures=0 file line target from to layer
  while IFS=: read -r file line; do
    [[ $line =~ [\<\"]([^\>\"]+)[\>\"] ]] || continue
    target=${BASH_REMATCH[1]}
    case $target in
      */rdkafka*.h | rdkafka*.h)
        [[ $file =~ $kafka ]] || { echo "$file: includes $target: only ingest, emit, pipeline and the commands that speak Kafka may"; failures=$((failures + 1)); }
        ;;
      processor/*)
        layer_of "$file"
        from=$layer
        layer_of "$target"
        to=$layer
        if [ -z "${may[$from]+known}" ]; then
          echo "$file: is in no known layer"
          failures=$((failures + 1))
        elif [ "$from" != "$to" ] && [[ " ${may[$from]} " != *" $to "* ]]; then
          echo "$file: $from may not include $target (only: ${may[$from]:-nothing})"
          failures=$((failures + 1))
        fi
        ;;
    esac
  done < <(cd "$1" && grep -rHE '^ *# *include' --include='*.[ch]' processor)
  [ "$failures" = 0 ]
}

check_self() {
  local scratch
  scratch=$(mktemp -d)
  trap 'rm -rf "$scratch"' RETURN
  mkdir -p "$scratch/processor/text" "$scratch/processor/ingest"
  echo '#include "processor/runtime/view.h"' >"$scratch/processor/text/fine.c"
  check "$scratch" >/dev/null || { echo "layers.sh: found a fault where none is"; return 1; }
  echo '#include "processor/ingest/article.h"' >"$scratch/processor/text/wrong.c"
  ! check "$scratch" >/dev/null || { echo "layers.sh: missed text including ingest"; return 1; }
  echo '#include <librdkafka/rdkafka.h>' >"$scratch/processor/text/wrong.c"
  ! check "$scratch" >/dev/null || { echo "layers.sh: missed rdkafka.h in text"; return 1; }
}

if [ "${1:-}" = --self ]; then check_self; else check_self && check .; fi
