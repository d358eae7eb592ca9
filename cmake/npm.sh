# Sourced by test: what the tests of packages/js and its browsers need of npm, in build/npm. The lock file there
# says which versions; no program of a package is run.
install_npm_packages() {
  local source=$root/packages/js folder=$root/build/npm
  cmp -s "$source/package-lock.json" "$folder/package-lock.json" && [[ -d $folder/node_modules ]] && return 0
  printf 'Installing in build/npm, from npm: what packages/js/package.json names\n' >&2
  mkdir -p "$folder"
  cp "$source"/package{,-lock}.json "$folder"
  npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund >"$folder/npm.log" 2>&1 && return 0
  rm -f "$folder/package-lock.json"
  printf 'Those could not be installed; %s says why. Tests that need them will fail.\n' "$folder/npm.log" >&2
}
