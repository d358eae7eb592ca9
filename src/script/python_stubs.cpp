#include "script/python_stubs.h"

#include "script/function_table.h"
#include "script/python_text.h"

#include <algorithm>
#include <span>
#include <string_view>

namespace simws::script {

namespace {

constexpr std::string_view head =
    "# Generated from the table of functions by `simws stubs`.\n"
    "\"\"\"WebSocket server and client for simulations and robots.\n"
    "\n"
    "Names that begin with an underscore are for type checkers only.\n"
    "\"\"\"\n"
    "from array import array\n"
    "from collections.abc import Awaitable, Callable, Mapping, Sequence\n"
    "from enum import IntEnum\n"
    "from typing import Any, Dict, List, Literal, Optional, Protocol, Tuple, TypedDict, Union\n"
    "\n"
    "__version__: str\n"
    "\n"
    "class _Buffer(Protocol):\n"
    "    \"\"\"As collections.abc.Buffer of Python 3.12: bytes in one piece.\"\"\"\n"
    "\n"
    "    def __buffer__(self, __flags: int) -> memoryview: ...\n"
    "\n"
    "class _Array(Protocol):\n"
    "    \"\"\"A NumPy array, whose types say nothing of its buffer before version 2.\"\"\"\n"
    "\n"
    "    @property\n"
    "    def data(self) -> memoryview: ...\n"
    "\n"
    "_Data = Union[str, bytes, bytearray, memoryview, array[Any], _Buffer, _Array]\n"
    "\n"
    "\n"
    "class Error(RuntimeError):\n"
    "    \"\"\"A handle that never existed or whose object is gone, a port that can't be had, a "
    "call "
    "that isn't\n"
    "    possible now. Wrong arguments raise TypeError and ValueError instead.\n"
    "    \"\"\"\n";

std::string capitalized(std::string_view name) {
  std::string text(name);
  if (text.front() >= 'a') text.front() = static_cast<char>(text.front() - 'a' + 'A');
  return text;
}

// A docstring at some depth; the text has no three quotes and doesn't end with one.
std::string docstring(std::string_view text, std::string_view indent) {
  const bool is_short = text.find('\n') == std::string_view::npos;
  std::string out = std::string(indent) + "\"\"\"";
  while (!text.empty()) {
    const auto end = text.find('\n');
    out += text.substr(0, end);
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
    out += '\n';
    if (!text.empty() && text.front() != '\n') out += indent;
  }
  if (!is_short) out.append("\n").append(indent);
  return out + "\"\"\"\n";
}

std::string field_type(const FieldRow& row) {
  std::string type(python_type(row.type));
  if (row.type == Type::map) type = "Dict[str, Any]";
  if (row.type == Type::map_of_texts) type = "Dict[str, str]";
  if (row.type == Type::texts) type = "List[str]";
  return row.may_be_nil ? "Optional[" + type + "]" : type;
}

// Of what is passed: one string stands for a list of it.
std::string argument_type(Type type) {
  return type == Type::texts ? "Union[str, Sequence[str]]" : std::string(python_type(type));
}

// Of a map of options in an option: the "reconnect" of "connect" takes a _ConnectReconnect.
std::string keys_class(const FunctionRow& of, const OptionRow& row) {
  return "_" + capitalized(of.name) + capitalized(row.name);
}

// 'Literal["local"]', or "str".
std::string text_type(const OptionRow& row) {
  if (row.words.empty()) return "str";
  std::string type = "Literal[";
  for (const std::string_view word : row.words) {
    type.append(word == row.words.front() ? "\"" : ", \"").append(word).append("\"");
  }
  return type + "]";
}

std::string whole_option_type(const FunctionRow& of, const OptionRow& row) {
  switch (row.type) {
    case Type::map:
      return keys_class(of, row);
    case Type::map_of_texts:
      return "Mapping[str, str]";
    case Type::switch_or_map:
      return "Union[bool, " + keys_class(of, row) + "]";
    case Type::text_or_map:
      return "Union[" + text_type(row) + ", " + keys_class(of, row) + "]";
    case Type::text:
      return text_type(row);
    default:
      return argument_type(row.type);
  }
}

std::string option_type(const FunctionRow& of, const OptionRow& row) {
  const std::string type = whole_option_type(of, row);
  return row.default_value == "nil" ? "Optional[" + type + "]" : type;
}

// "getConnectionInfo" returns a _ConnectionInfo, "start" takes _StartOptions.
std::string result_class(const FunctionRow& row) {
  std::string_view name = row.name;
  if (name.starts_with("get")) name.remove_prefix(3);
  return "_" + capitalized(name);
}
std::string options_class(const FunctionRow& row) {
  return "_" + capitalized(row.name) + "Options";
}

// Of those that a key may be called by.
bool is_keyword(std::string_view name) {
  return name == "except" || name == "from" || name == "in" || name == "as";
}

// As a call, where a key can't be the name of a field; the docstrings have no place there.
template <typename Rows, typename Type>
void write_dict_as_call(std::string& out, const std::string& name, std::string_view total,
                        const Rows& rows, Type type_of) {
  out.append("\n\n").append(name).append(" = TypedDict(\"").append(name).append("\", {\n");
  for (const auto& row : rows) {
    out.append("    \"").append(row.name).append("\": ").append(type_of(row)).append(",\n");
  }
  out.append("}").append(total).append(")\n");
}

template <typename Rows, typename Type>
void write_dict(std::string& out, const std::string& name, std::string_view total, const Rows& rows,
                Type type_of) {
  if (std::ranges::any_of(rows, is_keyword, [](const auto& row) { return row.name; })) {
    return write_dict_as_call(out, name, total, rows, type_of);
  }
  out.append("\n\nclass ").append(name).append("(TypedDict").append(total).append("):\n");
  for (const auto& row : rows) {
    out.append("    ").append(row.name).append(": ").append(type_of(row)).append("\n");
    out += docstring(python_wording(row.doc), "    ");
  }
}

void write_dicts(std::string& out, const FunctionRow& row) {
  const auto type_of = [&row](const OptionRow& option) { return option_type(row, option); };
  for (const Parameter& parameter : row.parameters) {
    if (!parameter.keys) continue;
    for (const OptionRow& option : parameter.keys()) {
      if (!option.keys) continue;
      write_dict(out, keys_class(row, option), ", total=False", option.keys(), type_of);
    }
    write_dict(out, options_class(row), ", total=False", parameter.keys(), type_of);
  }
  for (const ResultRow& result : row.results) {
    if (result.fields) write_dict(out, result_class(row), "", result.fields(), field_type);
  }
}

std::string_view returned_type(const CallbackRow& row) {
  if (row.results.empty()) return "object";
  return row.kind == CallbackKind::upgrade ? "_DecisionOrTask" : "_AnswerOrTask";
}

// Text is str and binary is bytes, and most functions expect one of them.
std::string callback_argument_type(const Parameter& parameter) {
  if (parameter.type == Type::data) return "Any";
  if (parameter.type == Type::map) return "Dict[str, Any]";
  const std::string type(python_type(parameter.type));
  return parameter.may_be_nil ? "Optional[" + type + "]" : type;
}

// The type of a callback: with the parameters that are always passed, and with each more.
std::string callable_type(const CallbackRow& row) {
  std::string type;
  for (std::size_t count = row.always; count <= row.parameters.size(); ++count) {
    type += type.empty() ? "Callable[[" : ", Callable[[";
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0) type += ", ";
      type += callback_argument_type(row.parameters[i]);
    }
    type.append("], ").append(returned_type(row)).append("]");
  }
  return type;
}

void write_callbacks(std::string& out) {
  out +=
      "\n\n_Headers = Mapping[str, str]\n"
      "_Answer = Union[\n"
      "    None, int, Tuple[Optional[int]], Tuple[Optional[int], Optional[_Data]],\n"
      "    Tuple[Optional[int], Optional[_Data], Optional[_Headers]]]\n"
      "_AnswerOrTask = Union[_Answer, Awaitable[_Answer]]\n"
      "_Decision = Union[\n"
      "    int, Tuple[int], Tuple[int, Optional[_Data]],\n"
      "    Tuple[int, Optional[_Data], Optional[_Headers]]]\n"
      "_DecisionOrTask = Union[_Decision, Awaitable[_Decision]]\n\n";
  for (const CallbackRow& row : callbacks()) {
    out.append("_").append(capitalized(row.name)).append(" = Union[None, str, ");
    out.append(callable_type(row)).append("]\n");
    out += docstring(python_docstring(row), "");
  }
}

// The callback that a function sets: "setHTTPHandler" sets the httpCallback.
const CallbackRow* callback_of(const FunctionRow& row) {
  const auto same = [](char a, char b) { return (a | 0x20) == (b | 0x20); };
  for (const CallbackRow& callback : callbacks()) {
    const std::string_view kind = callback.name.substr(0, callback.name.find('C'));
    const std::string_view set = row.name.substr(0, row.name.find("Handler"));
    if (set.size() == kind.size() + 3 && std::ranges::equal(set.substr(3), kind, same)) {
      return &callback;
    }
  }
  return nullptr;
}

std::string parameter_type(const FunctionRow& row, const Parameter& parameter) {
  if (parameter.type == Type::data) return "_Data";
  if (parameter.keys) return options_class(row);
  if (parameter.type != Type::callback) return argument_type(parameter.type);
  const CallbackRow* const callback = callback_of(row);
  return callback ? "_" + capitalized(callback->name) : "Union[None, str, Callable[..., object]]";
}

std::string result_type(const FunctionRow& row) {
  if (row.results.empty()) return "None";
  const ResultRow& result = row.results.front();
  if (result.type == Type::map_of_maps) return "Dict[str, " + result_class(row) + "]";
  if (result.fields) return result_class(row);
  return result.type == Type::texts ? "List[str]" : std::string(python_type(result.type));
}

void write_function(std::string& out, const FunctionRow& row) {
  out.append("\n\ndef ").append(row.name).append("(");
  for (const Parameter& parameter : row.parameters) {
    if (&parameter != row.parameters.data()) out += ", ";
    const std::string type = parameter_type(row, parameter);
    out.append(parameter.name).append(": ");
    const bool is_optional = parameter.is_optional();
    out += is_optional || parameter.may_be_nil ? "Optional[" + type + "]" : type;
    if (is_optional) out += " = ...";
  }
  out.append(") -> ").append(result_type(row)).append(":\n");
  out += docstring(python_docstring(row), "    ");
}

void write_constants(std::string& out) {
  std::string_view group;
  for (const ConstantRow& row : constants()) {
    if (row.group != group) out.append("\n\nclass ").append(row.group).append("(IntEnum):\n");
    group = row.group;
    out.append("    ").append(row.name).append(" = ").append(std::to_string(row.value));
    out.append("\n").append(docstring(python_wording(row.doc), "    "));
  }
  out += "\n\n";
  for (const ConstantRow& row : constants()) {
    const std::string member = std::string(row.group) + "." + std::string(row.name);
    for (const std::string_view prefix : {"", "sim_ws_"}) {
      out.append(prefix).append(row.group).append("_").append(row.name);
      out.append(": Literal[").append(member).append("]\n");
    }
  }
}

}  // namespace

std::string python_stubs() {
  std::string out(head);
  write_constants(out);
  for (const FunctionRow& row : functions()) write_dicts(out, row);
  write_callbacks(out);
  for (const FunctionRow& row : functions()) write_function(out, row);
  return out;
}

}  // namespace simws::script
