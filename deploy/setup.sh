#!/usr/bin/env bash
# Makes a Debian 12 machine ready to build: installs the packages of debian-packages.txt that are missing, then
# librdkafka. Does nothing, and asks no package server, where all are there.
#   DEPS   where librdkafka is built, default build/deps
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

missing_packages() {
  local package
  while read -r package; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || echo "$package"
  done <"$here/debian-packages.txt"
}

install_packages() {
  local as_root=
  local -a install=(apt-get install -y --no-install-recommends "$@")
  if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "setup: these packages are missing and this is not root. Run as root:" >&2
      echo "  apt-get update && ${install[*]}" >&2
      return 1
    fi
    as_root=sudo
  fi
  echo "setup: installing $*"
  $as_root apt-get update -q
  $as_root env DEBIAN_FRONTEND=noninteractive "${install[@]}"
}

if ! command -v dpkg-query >/dev/null; then
  echo "setup: not a Debian system; these packages are needed under your system's names:" >&2
  tr '\n' ' ' <"$here/debian-packages.txt" >&2
  exit 1
fi
mapfile -t missing < <(missing_packages)
[ ${#missing[@]} -eq 0 ] || install_packages "${missing[@]}"
"$here/librdkafka.sh" --build "${DEPS:-build/deps}"
