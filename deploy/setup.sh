#!/usr/bin/env bash
# Makes a Debian 12 machine ready to build: installs the packages of debian-packages.txt that are missing, then
# librdkafka. Does nothing, and asks no package server, where all are there.
#   setup.sh [kafka] [web] [fuzz] [arm] ...   also what stands in debian-packages-kafka.txt (real broker), -web.txt (pages in a
#                             browser), -fuzz.txt (libFuzzer), -arm.txt (compiler and emulator for 64-bit ARM), ...
#   DEPS                      where librdkafka is built, default build/deps
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
lists=("$here/debian-packages.txt")
for part in "$@"; do lists+=("$here/debian-packages-$part.txt"); done

# One call for all: dpkg-query takes longer to start than to answer. A command of a package's name counts too: npm and
# its Debian package exclude each other where Node.js came from elsewhere.
missing_packages() {
  local wanted installed package
  wanted=$(sort -u "${lists[@]}")
  # shellcheck disable=SC2086
  installed=$({ dpkg-query -W -f '${Status} ${Package}\n' $wanted 2>/dev/null || true; } |
    sed -n 's/^install ok installed //p' | sort -u)
  for package in $(comm -23 <(echo "$wanted") <(echo "$installed")); do
    command -v "$package" >/dev/null || echo "$package"
  done
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
  sort -u "${lists[@]}" | tr '\n' ' ' >&2
  exit 1
fi
missing_text=$(missing_packages)
mapfile -t missing < <(printf '%s' "$missing_text")
[ ${#missing[@]} -eq 0 ] || install_packages "${missing[@]}"
"$here/librdkafka.sh" --build "${DEPS:-build/deps}"
