# Sourced by run and test: configures and builds one preset in build/<preset> below $root, with
# options of CMake (NAME=VALUE) besides.

# ccache keeps its files in the home directory; without a usable one they go to build/. What one clone
# has built another needn't.
use_ccache() {
  command -v ccache >/dev/null || return 0
  launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
  export CCACHE_BASEDIR=${CCACHE_BASEDIR:-$root} CCACHE_NOHASHDIR=${CCACHE_NOHASHDIR:-1}
  if [[ -z ${CCACHE_DIR:-} && ! -w ${HOME:-} ]]; then
    export CCACHE_DIR=$root/build/ccache
  fi
}

# A tree that was moved or copied has a cache of another place, which CMake refuses.
is_configured() {
  local folder=$root/build/$1 option
  [[ -f $folder/build.ninja ]] &&
    grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$folder/CMakeCache.txt" || return 1
  for option in "${@:2}"; do
    grep -qx "${option%%=*}:[A-Z]*=${option#*=}" "$folder/CMakeCache.txt" || return 1
  done
}

# The system's own compiler if it's new enough, else the newest beside it; CXX says another.
choose_compiler() {
  local compiler
  [[ -n ${CXX:-} ]] || has_compiler g++ && return 0
  compiler=$(compgen -c g++- | grep -xE 'g\+\+-[0-9]+' | sort -V | tail -n 1) || :
  if [[ -n $compiler ]] && has_compiler "$compiler"; then
    export CXX=$compiler CC=gcc-${compiler#g++-}
    return 0
  fi
  command -v g++ >/dev/null || return 0  # CMake looks for others
  printf 'simWS needs g++ >= %s, and g++ is %s: sudo apt-get install g++-12, or CXX=<compiler> %s\n' \
    "$oldest_compiler" "$(g++ -dumpversion)" "$0" >&2
  return 1
}

configure() {
  local launcher=()
  use_ccache
  is_configured "$@" && return 0
  choose_compiler || return 1
  local log=$root/build/$1.configure.log options=("${@:2}")
  rm -rf "$root/build/$1"/CMake{Cache.txt,Files/}
  (cd "$root" && cmake --preset="$1" "${launcher[@]}" "${options[@]/#/-D}") >"$log" 2>&1 &&
    return 0
  cat "$log" >&2
  return 1
}

# Prints nothing when there is nothing to build.
build() {
  ninja -C "$root/build/$1" -j "$(nproc)" 2>&1 |
    sed -u -e '/^ninja: Entering directory/d' -e '/Re-checking globbed directories/d' \
      -e '/^ninja: no work to do/d' && return 0
  printf 'The build failed; the messages above say where.\n' >&2
  return 1
}

# Two of these at the same time wait for each other.
configure_and_build() {
  mkdir -p "$root/build"
  {
    flock 9
    configure "$@" 9>&- && build "$1" 9>&-
  } 9>"$root/build/.lock"
}
