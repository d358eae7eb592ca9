# Sourced by run and test: the packages they need of Debian and Ubuntu, and how they get here.

# What a build needs at least; CMake asks for the libraries' versions itself.
oldest_boost=1.74
oldest_compiler=12  # the standard library of g++ 11 has no constexpr variant

# choose_packages CODENAME: sets the lists for a release.
choose_packages() {
  build_packages=(
    cmake ninja-build g++ pkg-config
    libuv1-dev liburing-dev libssl-dev libboost-dev libsimdjson-dev zlib1g-dev libzstd-dev nlohmann-json3-dev
    libcli11-dev libedit-dev
    liblua5.4-dev lua5.4 lua-dkjson
  )
  # For Python scripts, and the module.
  python_packages=(python3 python3-dev)
  test_packages=(
    "${python_packages[@]}"
    zsh fish groff-base  # read the completions and the manual page
    ccache  # the Python package is compiled from the same files in a tree of its own
    libgtest-dev libgmock-dev libbenchmark-dev liblua5.3-dev
    python3-websockets python3-aiohttp
    python3-venv python3-numpy mypy
    curl nodejs node-ws npm zstd libwebsockets-dev
    openssl ca-certificates libnss3-tools  # certificates, and a browser that trusts them
    iproute2  # networks of tests' own
    dpkg-dev file  # Debian's packages
  )
  # Installed, they would begin to serve: what of them is missing is unpacked in build/servers.
  test_servers=(nginx haproxy apache2-bin caddy squid prometheus)
  # Ubuntu 22.04's libnats is too old: there simws-broker isn't built.
  if [[ $1 != jammy ]]; then
    build_packages+=(libnats-dev)
    test_servers+=(nats-server)
  fi
  fuzz_packages=(clang libclang-rt-dev)
  [[ $1 == jammy ]] && fuzz_packages=(clang) && build_packages=("${build_packages[@]/%g++/g++-12}")
  case $1 in
    jammy | noble) test_packages+=(chromium-browser firefox clang-format-14) ;;
    trixie) test_packages+=(chromium firefox-esr) ;;  # has newer clang-formats only, which break lines elsewhere
    *) test_packages+=(chromium firefox-esr clang-format-14) ;;
  esac
}

# The codename of this system's release, for a derivative that of what it derives from.
release() {
  local UBUNTU_CODENAME='' DEBIAN_CODENAME='' VERSION_CODENAME=''
  source <(grep '_CODENAME=' /etc/os-release 2>/dev/null)
  printf '%s\n' "${UBUNTU_CODENAME:-${DEBIAN_CODENAME:-$VERSION_CODENAME}}"
}

choose_packages "$(release)"

# Their libraries become archives in the CoppeliaSim plugin (see archives.sh).
archive_packages=(libuv1-dev libsimdjson-dev)

# Prints those of the packages named that are installed. dpkg-query fails when one is unknown, which
# is an answer here.
installed_packages() {
  { dpkg-query -W -f='${Package} ${db:Status-Status}\n' "$@" 2>/dev/null || :; } |
    awk '$2 == "installed" { print $1 }'
}

# Whether a Boost that will do lies where CMake looks for it, whatever package it's of: another one
# could only come in the place of the user's.
has_boost() {
  local folder
  for folder in "${boost_folders[@]}"; do
    [[ -f $folder/boost/version.hpp ]] && is_boost_new_enough "$folder/boost/version.hpp" && return 0
  done
  return 1
}
boost_folders=(${BOOST_ROOT:+"$BOOST_ROOT/include" "$BOOST_ROOT"} /usr/local/include /usr/include)

# BOOST_VERSION is 107400 for 1.74.
is_boost_new_enough() {
  awk -v oldest="${oldest_boost#1.}" '$2 == "BOOST_VERSION" { found = $3 >= 100000 + oldest * 100 }
    END { exit !found }' "$1"
}

# Whether the compiler is there and new enough.
has_compiler() {
  local version
  version=$("$1" -dumpversion 2>/dev/null) && [[ ${version%%.*} -ge $oldest_compiler ]]
}

# Whether what the package is wanted for has come from elsewhere.
is_there_otherwise() {
  case $1 in
    libboost-dev) has_boost ;;
    g++-*) has_compiler g++ ;;
    nodejs) command -v node >/dev/null ;;
    npm) command -v npm >/dev/null ;;
    chromium | chromium-browser) [[ ${CHROMIUM:-$(type -P chromium chromium-browser google-chrome)} ]] ;;
    firefox | firefox-esr) [[ ${FIREFOX:-$(type -P firefox-esr firefox)} ]] ;;
    *) false ;;
  esac
}

# Prints those of the packages named that aren't installed, nor there otherwise.
missing_packages() {
  local package installed
  installed=" $(installed_packages "$@" | tr '\n' ' ') "
  for package in "$@"; do
    [[ $installed == *" $package "* ]] && continue
    is_there_otherwise "$package" && continue
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

# Removes nothing: a package that can't come without another's end doesn't come.
apt_install() {
  as_root apt-get -q update &&
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-remove --no-install-recommends \
      -o DPkg::Lock::Timeout=300 install "$@"
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

The packages could not be installed. It takes root or sudo, the network, and Debian 12 or 13,
Ubuntu 22.04 or 24.04, or a system with the same packages. Nothing was removed, nor will be. By hand:

  sudo apt-get update
  sudo apt-get install --no-remove --no-install-recommends ${missing[*]}

Then try again.
END
  return 1
}

# unpack_packages FOLDER PACKAGE...: those that are missing, with what they need and lack, as files in
# the folder; nothing is installed.
unpack_packages() {
  local folder=$1 missing needed package
  mapfile -t missing < <(missing_packages "${@:2}")
  [[ ${#missing[@]} -eq 0 || $(cat "$folder/packages" 2>/dev/null) == "${missing[*]}" ]] && return 0
  command -v apt-get >/dev/null || return 0
  mapfile -t needed < <(apt-get -qq --simulate --no-remove --no-install-recommends install "${missing[@]}" |
    awk '$1 == "Inst" { print $2 }')
  printf 'Unpacking in %s (they are not installed): %s\n' "$folder" "${missing[*]}" >&2
  rm -rf "$folder"
  mkdir -p "$folder/archives"
  (cd "$folder/archives" && apt-get -q download "${needed[@]}") >&2 || return 1
  for package in "$folder/archives"/*.deb; do
    dpkg-deb -x "$package" "$folder" || return 1
  done
  rm -rf "$folder/archives"
  printf '%s\n' "${missing[*]}" >"$folder/packages"
}
