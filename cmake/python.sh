# Sourced by run: which Python to build for, so that scripts run in the python3 of the PATH.

# Lines: its version as a number, where its headers should be, and the program itself, which for a
# virtual environment is that of the Python it was made from.
python_facts='
import sys, sysconfig
print("%d%02d" % sys.version_info[:2])
print(sysconfig.get_path("include"))
print(getattr(sys, "_base_executable", sys.executable))'

# choose_python: sets `python`, and `python_packages` to what it needs installed: the system's own is
# left to the packages, any other one has to bring its headers.
choose_python() {
  local name version headers own=/usr/bin/python3
  python=$own
  name=$(type -P python3) || return 0
  { read -r version && read -r headers && read -r python; } < <("$name" -c "$python_facts") || version=0
  if [[ $version -lt 309 ]]; then
    printf 'simWS needs Python 3.9 or newer, and %s is %s: put another python3 first in the PATH.\n' \
      "$name" "$("$name" --version 2>&1)" >&2
    return 1
  fi
  python=$(realpath -m "$python")
  if [[ $python == "$(readlink -f $own)" ]]; then
    python=$own
    return 0
  fi
  python_packages=()
  if [[ ! -f $headers/Python.h ]]; then
    printf '%s has no headers (%s/Python.h): %s %s\n' "$name" "$headers" \
      "install those of that Python, or take the system's: PATH=/usr/bin:\$PATH" "$0" >&2
    return 1
  fi
}
