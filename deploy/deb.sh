#!/usr/bin/env bash
# Makes build/stanced_VERSION_ARCHITECTURE.deb of what is built: deb.sh BUILD VERSION. Called by `make deb`.
set -euo pipefail
build=$(realpath "$1")
version=$2
licences=$(realpath -m "${DEPS:-$build/deps}/LICENSES.txt") # of the librdkafka that is linked in
here=$(cd "$(dirname "$0")" && pwd)
architecture=$(dpkg --print-architecture)
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(stat -c %Y "$here/../CHANGELOG.md")}
export SOURCE_DATE_EPOCH # dpkg-deb and gzip then give the same bytes for the same files
root=$build/deb
doc=$root/usr/share/doc/stanced

install_files() {
  make -s -C "$here/.." install BUILD="$build" DESTDIR="$root" PREFIX=/usr >/dev/null
  strip --strip-unneeded "$root/usr/bin/stanced"
  gzip -9n "$root/usr/share/man/man1/stanced.1"
  install -D -m 644 "$here/systemd/stanced.service" "$root/lib/systemd/system/stanced.service"
  install -D -m 644 "$here/systemd/stanced.sysusers" "$root/usr/lib/sysusers.d/stanced.conf"
  install -D -m 644 "$here/systemd/stanced.yaml" "$root/etc/stanced/stanced.yaml"
}

install_papers() {
  mkdir -p "$doc"
  cp "$here/debian/copyright" "$doc/copyright"
  [ ! -e "$licences" ] || gzip -9nc "$licences" >"$doc/LICENSES.librdkafka.txt.gz"
  printf 'stanced (%s) unstable; urgency=medium\n\n  * What changed stands in CHANGELOG.md.gz beside this file.\n\n -- %s  %s\n' "$version" \
    "$(sed -n 's/^Maintainer: //p' "$here/debian/control.in")" "$(date -u -R -d "@$SOURCE_DATE_EPOCH")" | gzip -9n >"$doc/changelog.gz"
  gzip -9nc "$here/../CHANGELOG.md" >"$doc/CHANGELOG.md.gz"
}

# The libraries that the program is linked to, as packages with versions. dpkg-shlibdeps wants a source package around it.
depends() {
  mkdir -p "$build/deb-depends/debian"
  printf 'Source: stanced\n\nPackage: stanced\nArchitecture: any\n' >"$build/deb-depends/debian/control"
  (cd "$build/deb-depends" && dpkg-shlibdeps -O "$root/usr/bin/stanced" 2>/dev/null) | sed -n 's/^shlibs:Depends=//p'
}

rm -rf "$root"
mkdir -p "$root/DEBIAN"
install_files
install_papers
sed -e "s/@VERSION@/$version/" -e "s/@ARCHITECTURE@/$architecture/" -e "s/@KILOBYTES@/$(du -sk --exclude=DEBIAN "$root" | cut -f1)/" \
  -e "s/@DEPENDS@/$(depends)/" "$here/debian/control.in" >"$root/DEBIAN/control"
install -m 755 -t "$root/DEBIAN" "$here/debian/postinst" "$here/debian/prerm" "$here/debian/postrm"
echo /etc/stanced/stanced.yaml >"$root/DEBIAN/conffiles"
(cd "$root" && find . -type f -not -path './DEBIAN/*' -printf '%P\n' | LC_ALL=C sort | xargs md5sum) >"$root/DEBIAN/md5sums"
chmod -R u=rwX,go=rX "$root"
find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
dpkg-deb --root-owner-group -Zgzip --build "$root" "$build/stanced_${version}_$architecture.deb"
