#!/usr/bin/env bash
# librdkafka for the build: the system's where it is new enough, else built once from the source in the npm package.
#   librdkafka.sh --cflags DEPS | --libs DEPS    compiler and linker flags
#   librdkafka.sh --build DEPS                   builds it into DEPS unless it is there or the system's is good
# Below 2.12.1 closing hangs and assignments get lost; 2.5.0 and 2.10.0 were withdrawn. The npm package carries 2.15.1.
set -euo pipefail
package=@confluentinc/kafka-javascript@1.10.1
action=$1
deps=$2

system_is_good() {
  local version
  version=$(pkg-config --modversion rdkafka 2>/dev/null) || return 1
  [ "$(printf '%s\n' 2.12.1 "$version" | sort -V | head -n 1)" = 2.12.1 ]
}

build() {
  local log=$deps/librdkafka.log work=$deps/work
  [ -e "$deps/lib/librdkafka.a" ] && return 0
  command -v npm >/dev/null || { echo "librdkafka.sh: npm is missing; run deploy/setup.sh" >&2; return 1; }
  echo "librdkafka: building $package once (about two minutes), log in $log"
  mkdir -p "$work"
  if ! fetch_and_make "$work" "$(realpath "$deps")" >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "librdkafka.sh: the build failed; the whole log is in $log" >&2
    return 1
  fi
  rm -rf "$work"
}

# lz4 is the bundled code, so that one library less is needed; GSSAPI and OAuth over curl are not used.
# A subshell, so that the caller stays where it is; chained, because set -e does not hold inside a condition.
fetch_and_make() (
  cd "$1" &&
    npm pack --silent "$package" &&
    tar -xzf ./*.tgz package/deps/librdkafka &&
    cd package/deps/librdkafka &&
    ./configure --prefix="$2" --disable-gssapi --disable-curl --disable-lz4-ext &&
    make -j2 -C src librdkafka.a &&
    mkdir -p "$2/include/librdkafka" "$2/lib" &&
    cp src/rdkafka.h src/rdkafka_mock.h "$2/include/librdkafka/" &&
    cp LICENSES.txt "$2/" &&
    cp src/librdkafka.a "$2/lib/librdkafka.a.new" &&
    mv "$2/lib/librdkafka.a.new" "$2/lib/librdkafka.a"
)

case $action in
  --cflags) if system_is_good; then pkg-config --cflags rdkafka; else echo "-isystem $deps/include"; fi ;;
  --libs) if system_is_good; then pkg-config --libs rdkafka; else echo "$deps/lib/librdkafka.a -lzstd -lssl -lcrypto -lz -ldl"; fi ;;
  --build) system_is_good || build ;;
  *) echo "usage: librdkafka.sh --cflags|--libs|--build DEPS" >&2; exit 2 ;;
esac
