#!/usr/bin/env bash
# The Debian package: package.sh BUILD. The unit and the manual page are held against systemd and mandoc, the package against
# lintian; then it is installed in a bare Debian 12 (debootstrap, kept as BUILD/debian-12.tar), run there as its own user with nothing
# writable, upgraded, removed and purged. Needs root for the chroot, else the second half is left out.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 2
build=$(realpath "$1")
make -s deb BUILD="$1" || exit 1
package=$(find "$build" -maxdepth 1 -name 'stanced_*.deb' | sort | tail -n 1)
work=$(mktemp -d)
root=$work/root
passed=0 failed=0 skipped=0

clean_up() {
  ! mountpoint -q "$root/proc" || umount "$root/proc"
  rm -rf "$work"
}
trap clean_up EXIT

check() { # name command...
  local name=$1
  shift
  if "$@" >"$work/said" 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "package.sh: $name:"
    tail -n 20 "$work/said"
  fi
}

unpack() { dpkg-deb -x "$package" "$work/files"; }

# The program's path is that of the machine it is installed on.
verify_unit() {
  sed "s|/usr/bin/stanced|$work/files/usr/bin/stanced|" "$work/files/lib/systemd/system/stanced.service" >"$work/stanced.service"
  systemd-analyze verify --man=no "$work/stanced.service" 2>&1 | tee "$work/verify"
  ! grep -q 'stanced\.service' "$work/verify"
}
judge_unit() { systemd-analyze security --offline=true --threshold=15 "$work/files/lib/systemd/system/stanced.service"; }
user_is_made() { systemd-sysusers --root="$work/files" stanced.conf && grep -q '^stanced:.*:/var/lib/stanced:/usr/sbin/nologin$' "$work/files/etc/passwd"; }
grace_is_longer() { grep -q '^TimeoutStopSec=40s$' deploy/systemd/stanced.service && grep -q 'stop_ms, "stop_ms", "25s"' processor/runtime/settings.h; }
manual_is_sound() { zcat "$work/files/usr/share/man/man1/stanced.1.gz" | mandoc -T lint -W error; }
manual_has_every_setting() {
  local name missing=0
  zcat "$work/files/usr/share/man/man1/stanced.1.gz" | mandoc -T ascii | col -b >"$work/manual"
  for name in $("$build/stanced" run --help | sed -nE 's/^ +--([a-z._]+)=.*/\1/p'); do
    grep -qw -- "$name" "$work/manual" || { echo "no $name"; missing=1; }
  done
  for name in $("$build/stanced" --help | sed -nE 's/^  ([a-z]+) .*/\1/p'); do
    grep -qw -- "$name" "$work/manual" || { echo "no $name"; missing=1; }
  done
  return $missing
}
# The mail address is nobody's yet, no licence is chosen, and one sample article is not UTF-8 on purpose.
lint() {
  lintian --allow-root --fail-on error,warning --suppress-tags \
    bogus-mail-host,bogus-mail-host-in-debian-changelog,national-encoding,copyright-without-copyright-notice "$package"
}

# Debian's own archive, as this machine reaches it; the lists come along, so that apt finds what the package depends on.
bare_debian() {
  local archive
  if [ ! -e "$build/debian-12.tar" ]; then
    archive=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Codename: bookworm' | head -n 1)
    debootstrap --variant=minbase bookworm "$work/new" "$archive" || return 1
    tar -C "$work/new" -cf "$build/debian-12.tar.part" . && mv "$build/debian-12.tar.part" "$build/debian-12.tar"
    rm -rf "$work/new"
  fi
  mkdir "$root" && tar -C "$root" -xf "$build/debian-12.tar" || return 1
  cp -R /etc/apt/apt.conf.d "$root/etc/apt/" && cp "$package" "$root/tmp/stanced.deb" && mount -t proc proc "$root/proc"
}
inside() { env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 chroot "$@"; }
as_root() { inside "$root" "$@"; }
as_service() { inside --userspec=stanced:stanced "$root" "$@"; }

install_it() { as_root apt-get update -q && as_root apt-get install -q -y --no-install-recommends /tmp/stanced.deb; }
has_its_user() { as_root getent passwd stanced | grep -q ':/var/lib/stanced:/usr/sbin/nologin$'; }
runs_the_demo() {
  as_service stanced demo --once --pace 20 >"$work/demo" 2>&1 || { tail "$work/demo"; return 1; }
  tail -n 1 "$work/demo" | tee /dev/stderr | grep -q '^42 articles, .* 10 dead letters'
}
# The settings of the package are read; there is no broker, and that is what is said.
says_what_is_missing() {
  as_service stanced check -c /etc/stanced/stanced.yaml >"$work/checked"
  [ $? = 2 ] && grep -q '^ok .*model' "$work/checked" && grep -q '^problem  brokers' "$work/checked" && [ "$(grep -c '^problem' "$work/checked")" = 1 ] ||
    { cat "$work/checked"; return 1; }
}
completes() { as_root bash -c '. /usr/share/bash-completion/completions/stanced; COMP_WORDS=(stanced redr) COMP_CWORD=1; _stanced stanced; [ "${COMPREPLY[*]}" = redrive ]'; }
keeps_what_was_set() {
  echo 'group: mine' >>"$root/etc/stanced/stanced.yaml"
  as_root dpkg -i /tmp/stanced.deb && as_root grep -q '^group: mine$' /etc/stanced/stanced.yaml
}
goes_without_a_trace() {
  as_root apt-get purge -q -y stanced && [ -z "$(find "$root/etc" "$root/usr" "$root/lib" -name '*stanced*' -not -path '*/passwd*')" ]
}

unpack
check "systemd-analyze verify" verify_unit
check "systemd-analyze security" judge_unit
check systemd-sysusers user_is_made
check "the unit waits for stop_ms" grace_is_longer
check "manual page" manual_is_sound
check "settings and commands in the manual page" manual_has_every_setting
check lintian lint
if [ "$(id -u)" != 0 ]; then
  skipped=7
else
  check "bare Debian" bare_debian
  for step in install_it has_its_user runs_the_demo says_what_is_missing completes keeps_what_was_set goes_without_a_trace; do
    check "$step" "$step"
  done
fi
echo "package: $passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
