#!/bin/bash
# Makes libuv.a and libsimdjson.a, position-independent, for modules that must depend on nothing that
# differs between distributions: Debian's own libuv_a.a isn't, and of simdjson it has none.
#
#   cmake/archives.sh FOLDER
#
# They are compiled from the source packages of the installed libuv1-dev and libsimdjson-dev. The
# network is needed once: what FOLDER has of the same versions stays. The system's own lists of
# packages are left alone.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/packages.sh"

mkdir -p "$1"
folder=$(cd "$1" && pwd -P)
work=$folder/work

# What the headers in use were made from: "libuv1=1.44.2-1+deb12u1" and the like.
wanted_sources() {
  dpkg-query -W -f='${source:Package}=${source:Version}\n' "${archive_packages[@]}"
}

# The system's own repositories in its order, as repositories of sources. Third parties' are left out.
source_repositories() {
  local ID
  source <(grep '^ID=' /etc/os-release)
  apt-get indextargets --format 'deb-src $(REPO_URI) $(RELEASE) $(COMPONENT)' \
    'Created-By: Packages' "Origin: ${ID^}" | awk '!seen[$0]++'
}

apt() {
  apt-get -q -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts=/dev/null \
    -o Dir::State::Lists="$work/lists" -o Dir::Cache="$work/cache" \
    -o Acquire::Retries=3 -o APT::Sandbox::User="$(id -un)" "$@"
}

fetch_sources() {
  mkdir -p "$work"/{lists,cache/archives,source}/partial
  source_repositories >"$work/sources.list"
  apt update
  cd "$work/source"
  apt source "$@"
}

# compile NAME TARGET ARCHIVE: one archive of the library whose source lies in work/source/NAME-*, by
# whatever name the library gives it.
compile() {
  cmake -G Ninja -S "$(echo "$work/source/$1"-*/)" -B "$work/$1" -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_POSITION_INDEPENDENT_CODE=ON -DBUILD_TESTING=OFF -DBUILD_SHARED_LIBS=OFF
  cmake --build "$work/$1" --target "$2"
  cp "$work/$1"/lib*.a "$folder/$3"
}

make_archives() {
  rm -rf "$work"
  fetch_sources $1
  compile libuv1 uv_a libuv.a
  compile simdjson simdjson libsimdjson.a
  rm -rf "$work"
  echo "$1" >"$folder/versions"
}

tell_failure() {
  tail -n 20 "$folder/log" >&2
  printf '\nNo archives of %s, see above and %s. Once the mirrors have these source packages: %s %s\n' \
    "${sources//$'\n'/ and }" "$folder/log" "$0" "$folder" >&2
}

sources=$(wanted_sources)
exec 9>"$folder/.lock"
flock 9
[[ -f $folder/versions && $(<"$folder/versions") == "$sources" ]] && exit 0
trap tell_failure ERR
(make_archives "$sources") >"$folder/log" 2>&1 9>&-
