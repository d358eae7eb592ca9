#include "host/commands/doctor/check_text.h"
#include "host/commands/doctor/checks.h"

#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace simws::host {

namespace {

constexpr const char* python_question =
    "import sys; print('%d.%d.%d' % sys.version_info[:3])\n"
    "try:\n"
    "    import simWS; print('module')\n"
    "except Exception as error:\n"
    "    print(type(error).__name__)";

bool is_recent_python(const std::string& version) {
  std::istringstream text(version);
  int major = 0, minor = 0;
  char point = 0;
  text >> major >> point >> minor;
  return major > 3 || (major == 3 && minor >= 11);
}

Finding no_python(Finding finding) {
  finding.verdict = Verdict::note;
  finding.text = "no python3 on the PATH: Python scripts can't be run";
  finding.advice = "sudo apt-get install python3";
  return finding;
}

std::string python_lack(bool has_run, bool has_half) {
  if (!has_run) return "; it failed, or took longer than some seconds";
  return has_half ? "; simws run wants 3.11 or what it was built for"
                  : "; this simws was built without Python";
}

// Where people unpack it.
std::vector<std::string> coppeliasim_folders(const Machine& machine) {
  std::vector<std::string> found;
  const std::string set = machine.variable("COPPELIASIM_ROOT_DIR");
  if (!set.empty()) return {set};
  const std::string home = machine.variable("HOME");
  for (const std::string& folder : {home, home + "/Downloads", std::string("/opt")}) {
    for (const std::string& name : machine.list(folder)) {
      const std::string path = folder + '/' + name;
      if (name.starts_with("CoppeliaSim") && machine.exists(path + "/coppeliaSim.sh")) {
        found.push_back(path);
      }
    }
  }
  return found;
}

// The simulator's own plugin has the same name; ours says where its Lua half comes from.
bool has_our_plugin(const Machine& machine, const std::string& folder) {
  const std::string lua = machine.read(folder + "/lua/simWS.lua").value_or("");
  return lua.starts_with("-- Generated from the table of functions by `simws") &&
         machine.exists(folder + "/libsimWS.so");
}

}  // namespace

Finding check_lua(const Question&) {
  return {"Lua", Verdict::ok, "5.4 is built in", ""};
}

Finding check_python(const Question& question) {
  const Machine& machine = question.machine;
  Finding finding{"Python", Verdict::ok, "", ""};
  const std::string python = machine.find_program("python3");
  if (python.empty()) return no_python(finding);
  const Machine::Ran ran = machine.run({python, "-c", python_question});
  std::istringstream words(ran.output);
  std::string version, module;
  words >> version >> module;
  finding.text = python + ", " + (version.empty() ? "which doesn't run" : version);
  const bool has_half = machine.exists(machine.python_half());
  if (!ran.is_good || !has_half || !is_recent_python(version)) {
    finding.verdict = Verdict::note;
    finding.text += python_lack(ran.is_good, has_half);
    finding.advice = has_half ? "sudo apt-get install python3, or activate another environment"
                              : "sudo apt-get install python3-dev, and build it with "
                                "-DSIMWS_PYTHON=ON";
    return finding;
  }
  finding.text += "; simws run works with it";
  if (module == "module") {
    finding.text += ", import simWS too";
  } else {
    finding.text += ", import simWS doesn't (" + module + ')';
    finding.advice = "for import simWS in your own programs: pip install . in simWS' folder";
  }
  return finding;
}

Finding check_coppeliasim(const Question& question) {
  Finding finding{"CoppeliaSim", Verdict::ok, "not found, and not needed", ""};
  const auto folders = coppeliasim_folders(question.machine);
  if (folders.empty()) {
    finding.advice = "if it's somewhere else: COPPELIASIM_ROOT_DIR=FOLDER simws doctor";
    return finding;
  }
  std::string with, without;
  for (const std::string& folder : folders) {
    (has_our_plugin(question.machine, folder) ? with : without) = folder;
  }
  if (without.empty()) {
    finding.text = "the plugin is in " + with;
    return finding;
  }
  finding.verdict = Verdict::note;
  finding.text = without + " has no plugin of simWS";
  finding.advice = "COPPELIASIM_ROOT_DIR='" + without +
                   "' cmake --install build/release --component simws_coppeliasim";
  return finding;
}

}  // namespace simws::host
