# Sourced by run and test: the Debian packages they need, and how they get here.

build_packages=(
  cmake ninja-build g++ pkg-config
  libuv1-dev liburing-dev libssl-dev libboost1.81-dev libsimdjson-dev
  libcli11-dev
  liblua5.4-dev lua5.4 lua-dkjson
)
# For Python scripts, and the module.
python_packages=(python3 python3-dev)
test_packages=(
  "${python_packages[@]}"
  ccache  # the Python package is compiled from the same files in a tree of its own
  libgtest-dev libgmock-dev libbenchmark-dev liblua5.3-dev
  python3-websockets python3-aiohttp
  python3-venv python3-numpy mypy
  curl nodejs node-ws chromium chromium-driver
  clang-format-14 dpkg-dev
)

# Their libraries become archives in the CoppeliaSim plugin (see archives.sh).
archive_packages=(libuv1-dev libsimdjson-dev)

# Prints those of the packages named that are installed. dpkg-query fails when one is unknown, which
# is an answer here.
installed_packages() {
  { dpkg-query -W -f='${Package} ${db:Status-Status}\n' "$@" 2>/dev/null || :; } |
    awk '$2 == "installed" { print $1 }'
}

# Prints those of the packages named that aren't installed. A Node.js of another source will do.
missing_packages() {
  local package installed
  installed=" $(installed_packages "$@" | tr '\n' ' ') "
  for package in "$@"; do
    [[ $installed == *" $package "* ]] && continue
    [[ $package == nodejs ]] && command -v node >/dev/null && continue
    printf '%s\n' "$package"
  done
}

# Runs a command as root, or says what is to be done.
as_root() {
  if [[ $EUID -eq 0 ]]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    return 1
  fi
}

apt_install() {
  as_root apt-get -q update &&
    as_root env DEBIAN_FRONTEND=noninteractive \
      apt-get -q -y --no-install-recommends -o DPkg::Lock::Timeout=300 install "$@"
}

# install_packages PACKAGE...: touches neither network nor root when all are there. Elsewhere than
# on Debian nothing is installed, and CMake names what it misses.
install_packages() {
  local missing
  command -v dpkg-query >/dev/null || return 0
  mapfile -t missing < <(missing_packages "$@")
  [[ ${#missing[@]} -eq 0 ]] && return 0
  printf 'Installing %s packages: %s\n' "${#missing[@]}" "${missing[*]}" >&2
  apt_install "${missing[@]}" >&2 && return 0
  cat >&2 <<END

The packages could not be installed. It takes root or sudo, the network, and Debian 12 or a
system with the same packages. By hand:

  sudo apt-get update
  sudo apt-get install --no-install-recommends ${missing[*]}

Then try again.
END
  return 1
}
