# Sourced by run and test: packages of npm.

# install_npm_packages SOURCE FOLDER: what the lock file of the one says, in the other. Touches no network when it's
# there. No program of a package is run.
install_npm_packages() {
  local source=$1 folder=$2 log=$root/build/npm.log
  cmp -s "$source/package-lock.json" "$folder/node_modules/installed-lock.json" && return 0
  if ! command -v npm >/dev/null; then
    printf 'npm is missing, and with it what %s/package.json names.\n' "$source" >&2
    return 1
  fi
  printf 'Installing in %s, from npm: what %s/package.json names\n' "$folder" "$source" >&2
  mkdir -p "$folder" "$root/build"
  [[ $source == "$folder" ]] || cp "$source"/package{,-lock}.json "$folder"
  if npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --fetch-retries=1 >"$log" 2>&1; then
    cp "$source/package-lock.json" "$folder/node_modules/installed-lock.json"
    return 0
  fi
  printf 'It failed; %s says why.\n' "$log" >&2
  return 1
}
