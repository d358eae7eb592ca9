#include "bindings/coppeliasim/lua_files.h"

#include "script/function_table.h"

#include <algorithm>
#include <cstddef>
#include <span>

namespace simws::coppeliasim {

namespace {

using script::callback_name;
using script::CallbackRow;
using script::ConstantRow;
using script::FunctionRow;
using script::Parameter;
using script::Type;

constexpr std::string_view module_head =
    R"(-- Generated from the table of functions by `simws coppeliasim-module`: don't edit.
--
-- Loads the plugin simWS for a script. A handler is a function or the name of one; when it raises an
-- error, the log gets it with its traceback, and the script goes on.
local simWS = loadPlugin 'simWS'
local published = rawget(_G, '__simWS')
-- Each script has one table of the plugin, which is complete when this file runs once more.
if published and published.module == simWS then return simWS end
local useModule = assert(simWS._useModule,
    'simWS.lua and libsimWS belong together: install both files of one package')
simWS._useModule = nil

-- Handlers that are functions, by event and server. That of log lines is of none.
local noServer = ''
local functions = {)";

constexpr std::string_view module_middle = R"(}
-- The script's own sysCall_ext, if it has one: the simulator calls that instead of functions by name.
-- Python scripts have one, which passes all arguments on. Functions in Python must name each of them, so
-- they get those of the WS plugin.
local ownExt
-- What the plugin calls, by the name it uses.
local entries = {}

local function intercepted(name, ...)
    local entry = entries[name]
    if entry then return entry(...) end
    return ownExt(name, ...)
end

local function intercept()
    local ext = rawget(_G, 'sysCall_ext')
    if ext == nil or ext == intercepted then return end
    ownExt = ext
    rawset(_G, 'sysCall_ext', intercepted)
end

local function walk(name)
    local value = _G
    for part in name:gmatch('[^.]+') do
        if type(value) ~= 'table' then return nil end
        value = value[part]
    end
    return value
end

-- Dotted names too, through tables that may refuse, the global one as well.
local function lookUp(name)
    local value = rawget(_G, name)
    if value == nil then
        local found, walked = pcall(walk, name)
        value = found and walked
    end
    if type(value) == 'function' then return value end
end

local function handler(event, name, server)
    if name == '' then return functions[event][server or noServer] end
    if not ownExt then return lookUp(name) end
    return function(...) return ownExt(name, ...) end
end

local function traced(failure)
    return debug.traceback(tostring(failure), 2)
end

-- What the plugin is told when the sysCall_ext of Python answers with one of its marks: false when there's
-- no such function, a text when it failed. Nil for what a function has returned.
local function refusal(result)
    if result == '_*funcNotFound*_' then return false end
    if result == '_*runtimeError*_' then return 'the function raised an error' end
end

-- The results of a Python function come in one list.
local function unpacked(first, ...)
    local isBuffer = rawget(_G, 'isbuffer')
    if ownExt and type(first) == 'table' and not (isBuffer and isBuffer(first)) then
        return table.unpack(first, 1, 3)
    end
    return first, ...
end

-- What the plugin is told of a call: nothing, or true and the results, when it went well.
local function told(ok, result)
    if not ok then return result end
    return refusal(result)
end

local function answered(ok, result, ...)
    if not ok then return result end
    local refused = refusal(result)
    if refused ~= nil then return refused end
    return true, unpacked(result, ...)
end

)";

constexpr std::string_view module_publishing = R"(
-- The simulator finds them by dotted names.
published = {module = simWS}
for name, entry in pairs(entries) do published[name:match('%.(.*)')] = entry end
rawset(_G, '__simWS', published)
)";

constexpr std::string_view module_setters = R"(
-- The simulator tells errors by the line of this file: the script wants to know its own.
local function try(run, ...)
    local ok, failure = pcall(run, ...)
    if not ok then error((tostring(failure):gsub('^.-(simWS%.%a+: )', '%1')), 3) end
end

-- Lets functions be handlers; `place` is that of the function among the arguments.
local function keeping(event, set, place)
    return function(...)
        local server = place > 1 and ... or noServer
        local arguments = table.pack(...)
        local callback = arguments[place]
        local isFunction = type(callback) == 'function'
        if isFunction then arguments[place] = kept end
        intercept()
        useModule()  -- again: the plugin may have been unloaded and loaded since
        try(set, table.unpack(arguments, 1, arguments.n))
        functions[event][server] = isFunction and callback or nil
    end
end

)";

constexpr std::string_view module_tail = R"(
local stop = simWS.stop
function simWS.stop(...)
    try(stop, ...)
    local server = ...
    for _, byServer in pairs(functions) do byServer[server] = nil end
end

intercept()
useModule()
return simWS
)";

// What may be nil, and comes last, is "...": where it isn't passed, it isn't counted either.
std::string names(std::span<const Parameter> parameters) {
  std::string text;
  for (const Parameter& parameter : parameters) {
    if (!text.empty()) text += ", ";
    if (parameter.may_be_nil) return text + "...";
    text += parameter.name;
  }
  return text;
}

// ScriptEngine::call_module understands what it answers.
std::string entry(const CallbackRow& row) {
  const std::string call = std::string("return ") + (row.results.empty() ? "told" : "answered") +
                           "(xpcall(run, traced, ";
  const std::string all = names(row.parameters);
  const Parameter& first = row.parameters.front();
  const bool has_owner = first.type == Type::server || first.type == Type::endpoint;
  std::string text = "entries['" + std::string(module_entry(row.kind)) + "'] = function(name, ";
  text += all + ")\n    local run = handler('" + std::string(callback_name(row.kind));
  text += "', name" + (has_owner ? ", " + std::string(first.name) : "") +
          ")\n    if not run then return false end\n";
  if (row.always < row.parameters.size()) {
    text += "    if ownExt then " + call + names(row.parameters.first(row.always)) + ")) end\n";
  }
  return text + "    " + call + all + "))\nend\n";
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// "open" for setOpenHandler; empty for other functions.
std::string handled_event(const FunctionRow& row) {
  constexpr std::string_view prefix = "set";
  constexpr std::string_view suffix = "Handler";
  std::string_view name = row.name;
  if (!name.starts_with(prefix) || !name.ends_with(suffix)) return {};
  name.remove_prefix(prefix.size());
  name.remove_suffix(suffix.size());
  std::string event(name);
  std::ranges::transform(event, event.begin(), lower);
  return event;
}

std::string constant(const ConstantRow& row) {
  const std::string name = std::string(row.group) + "_" + std::string(row.name);
  const std::string value = std::to_string(row.value);
  return "simWS." + name + " = " + value + "\nsimWS.sim_ws_" + name + " = " + value +
         "\nrawset(_G, 'sim_ws_" + name + "', " + value + ")\n";
}

std::string_view tip_type(Type type) {
  switch (type) {
    case Type::data:
      return "buffer";
    case Type::texts:
      return "string[]";
    default:
      return script::type_name(type);
  }
}

std::string tip_default(std::string_view text) {
  for (const ConstantRow& row : script::constants()) {
    const std::string group(row.group);
    const std::string name(row.name);
    if (text == "sim_ws_" + group + "_" + name) return "simWS." + group + "." + name;
  }
  return std::string(text);
}

std::string call_tip(const FunctionRow& row) {
  std::string text;
  for (const auto& result : row.results) {
    text += text.empty() ? "" : ", ";
    text.append(tip_type(result.type)).append(" ").append(result.name);
  }
  text += text.empty() ? "simWS." : " = simWS.";
  text.append(row.name).append("(");
  for (const Parameter& parameter : row.parameters) {
    if (&parameter != row.parameters.data()) text += ", ";
    text.append(tip_type(parameter.type)).append(" ").append(parameter.name);
    if (parameter.is_optional()) text += "=" + tip_default(parameter.default_value);
  }
  return text + ")\n";
}

}  // namespace

const char* module_entry(script::CallbackKind kind) {
#define SIMWS_ENTRY(name) "__simWS." #name,
  constexpr const char* entries[] = {SIMWS_CALLBACK_KINDS(SIMWS_ENTRY)};
#undef SIMWS_ENTRY
  return entries[static_cast<std::size_t>(kind)];
}

std::string module_file() {
  std::string text(module_head);
  for (const CallbackRow& row : script::callbacks()) {
    if (&row != script::callbacks().data()) text += ", ";
    text.append(callback_name(row.kind)).append(" = {}");
  }
  text += module_middle;
  for (const CallbackRow& row : script::callbacks()) text += entry(row);
  text += module_publishing;
  text += "\nlocal kept = '" + std::string(kept_function) + "'\n";
  text += module_setters;
  for (const FunctionRow& row : script::functions()) {
    const std::string event = handled_event(row);
    if (event.empty()) continue;
    const std::string name = "simWS." + std::string(row.name);
    text += name + " = keeping('" + event + "', " + name + ", ";
    text += std::to_string(row.parameters.size()) + ")\n";
  }
  text += "\n-- Names that scripts written for the WS plugin may use.\n";
  for (const ConstantRow& row : script::constants()) text += constant(row);
  return text.append(module_tail);
}

std::string completion_file() {
  std::string text =
      "-- Generated from the table of functions by `simws coppeliasim-completion`: don't edit.\n"
      "registerCodeEditorInfos('simWS', [[\n";
  for (const FunctionRow& row : script::functions()) {
    if (!row.drives_events) text += call_tip(row);
  }
  for (const ConstantRow& row : script::constants()) {
    text += "simWS." + std::string(row.group) + "." + std::string(row.name) + "\n";
  }
  return text + "]])\n";
}

}  // namespace simws::coppeliasim
