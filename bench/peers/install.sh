# Sourced by bench/run: brings the servers that simWS is measured beside. Each may fail to come; then it isn't measured.

peers=$root/build/peers

# What the measured programs themselves need besides the build: the simulator's Lua.
bench_packages=(zlib1g-dev liblua5.3-dev)
peer_packages=(
  libwebsocketpp-dev libwebsockets-dev
  python3-websockets python3-aiohttp python3-uvloop
  nodejs npm
)
# Not installed, as nginx would start to serve on port 80: unpacked in build/peers.
nginx_packages=(
  nginx libnginx-mod-http-lua libnginx-mod-http-ndk libluajit2-5.1-2 libpcre3
  lua-resty-core lua-resty-lrucache lua-nginx-websocket
)

without() {
  printf 'Goes on without %s.\n' "$1" >&2
}

unpack_nginx() {
  local package
  [[ -x $peers/debian/usr/sbin/nginx ]] && return 0
  command -v apt-get >/dev/null || return 1
  printf 'Unpacking in build/peers (they are not installed): %s\n' "${nginx_packages[*]}" >&2
  rm -rf "$peers/debian" "$peers/packages"
  mkdir -p "$peers/packages"
  (cd "$peers/packages" && apt-get -q download "${nginx_packages[@]}") >"$peers/nginx.log" 2>&1 || return 1
  for package in "$peers/packages"/*.deb; do
    dpkg-deb -x "$package" "$peers/debian" || return 1
  done
}

# ws ships what it's made faster with as binaries, so that no script of a package need run.
install_npm_peers() {
  cmp -s "$root/bench/peers/package-lock.json" "$peers/package-lock.json" && [[ -d $peers/node_modules/ws ]] && return 0
  command -v npm >/dev/null || return 1
  printf 'Installing in build/peers, from npm: ws, bufferutil, utf-8-validate\n' >&2
  mkdir -p "$peers"
  cp "$root/bench/peers"/package{,-lock}.json "$peers"
  npm ci --prefix "$peers" --ignore-scripts --no-audit --no-fund >"$peers/npm.log" 2>&1 && return 0
  rm -f "$peers/package-lock.json"
  return 1
}

install_peers() {
  install_packages "${peer_packages[@]}" || without 'those of them that are missing'
  unpack_nginx || without "nginx (see build/peers/nginx.log)"
  install_npm_peers || without "npm's ws (see build/peers/npm.log); Debian's is measured where it's installed"
}
