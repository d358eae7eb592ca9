#include "script/python_text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <utility>

namespace simws::script {

namespace {

constexpr std::size_t line_width = 79;

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// The table's {} is an empty list or map. Checkers of types don't take {} for a dict of options,
// and None stands for any argument that isn't given.
template <typename Row>
std::string default_of(const Row& row) {
  if (row.default_value != "{}") return python_literal(row.default_value);
  return row.type == Type::texts ? "[]" : "None";
}

std::string parameter_list(std::span<const Parameter> parameters, bool typed) {
  std::string text = "(";
  for (const Parameter& parameter : parameters) {
    if (&parameter != parameters.data()) text += ", ";
    text += parameter.name;
    if (typed) text.append(": ").append(python_type(parameter.type));
    if (typed && parameter.may_be_nil) text += " | None";
    if (!parameter.is_optional()) continue;
    text.append(typed ? " = " : "=").append(default_of(parameter));
  }
  return text + ")";
}

std::string result_type(std::span<const ResultRow> results) {
  if (results.empty()) return "None";
  std::string text;
  for (const ResultRow& result : results) {
    if (!text.empty()) text += ", ";
    text += python_type(result.type);
  }
  return results.size() == 1 ? text : "tuple[" + text + "]";
}

// Takes the '=' of a key off the front, with the spaces around it.
bool takes_assignment(std::string_view& code) {
  const std::size_t at = code.find_first_not_of(' ');
  if (at == code.npos || code[at] != '=') return false;
  code.remove_prefix(std::min(code.find_first_not_of(' ', at + 1), code.size()));
  return true;
}

// A text in quotes stays as it is; empty: none is at the front.
std::string_view quoted_text(std::string_view code) {
  if (!code.starts_with('\'')) return {};
  const std::size_t end = code.find('\'', 1);
  return code.substr(0, end == code.npos ? end : end + 1);
}

// What stands between two backticks: {fin=false} is {'fin': False}.
std::string python_code(std::string_view code) {
  const bool is_map = code.starts_with('{');  // and a call's result is one: f().port is f()['port']
  std::string out;
  while (!code.empty()) {
    if (const std::string_view text = quoted_text(code); !text.empty()) {
      out += text;
      code.remove_prefix(text.size());
      continue;
    }
    std::size_t length = 0;
    while (length < code.size() && is_word(code[length])) ++length;
    const std::string_view word = code.substr(0, length);
    code.remove_prefix(length);
    if (!word.empty() && out.ends_with(").")) {
      out.pop_back();
      out.append("['").append(word).append("']");
    } else if (is_map && !word.empty() && takes_assignment(code)) {
      out.append("'").append(word).append("': ");
    } else {
      out += word.empty() ? std::string{} : python_literal(word);
      if (length > 0) continue;
      out += code.front();
      code.remove_prefix(1);
    }
  }
  return out;
}

std::string python_prose(std::string_view prose) {
  std::string out;
  while (!prose.empty()) {
    std::size_t length = 0;
    while (length < prose.size() && is_word(prose[length])) ++length;
    const std::string_view word = prose.substr(0, length);
    out += word == "nil" ? std::string_view("None") : word;
    prose.remove_prefix(length);
    if (prose.empty()) break;
    out += prose.front();
    prose.remove_prefix(1);
  }
  return out;
}

// Appends sentences, broken into lines that begin with `indent`.
void append_wrapped(std::string& out, std::string_view text, std::string_view indent) {
  std::size_t column = 0;
  while (!text.empty()) {
    const std::size_t end = text.find_first_of(" \n");
    const std::string_view word = text.substr(0, end);
    const bool fits = column + 1 + word.size() <= line_width;
    if (column > 0 && fits) {
      out.append(" ").append(word);
      column += 1 + word.size();
    } else {
      out.append(column > 0 ? "\n" : "").append(indent).append(word);
      column = indent.size() + word.size();
    }
    if (end == std::string_view::npos) break;
    if (text[end] == '\n') {
      out += '\n';
      column = 0;
    }
    text.remove_prefix(end + 1);
  }
  out += '\n';
}

void append_item(std::string& out, std::string_view indent, std::string_view name,
                 std::string_view type, const std::string& default_value, std::string_view doc) {
  out.append(indent).append(name).append(" (").append(type);
  if (!default_value.empty()) out.append(", default ").append(default_value);
  out += ")\n";
  append_wrapped(out, python_wording(doc), std::string(indent) + "    ");
}

void append_keys(std::string& out, const std::string& indent, std::span<const OptionRow> rows) {
  for (const OptionRow& row : rows) {
    append_item(out, indent, row.name, python_type(row.type), default_of(row), row.doc);
    if (row.keys) append_keys(out, indent + "    ", row.keys());
  }
}

void append_parameters(std::string& out, std::span<const Parameter> parameters) {
  if (parameters.empty()) return;
  out += "\nParameters:\n";
  for (const Parameter& parameter : parameters) {
    append_item(out, "    ", parameter.name, python_type(parameter.type), default_of(parameter),
                parameter.keys ? "A dict with these keys, all of them optional:" : parameter.doc);
    if (parameter.keys) append_keys(out, "        ", parameter.keys());
  }
}

void append_results(std::string& out, std::span<const ResultRow> results) {
  if (results.empty()) return;
  out += "\nReturns:\n";
  for (const ResultRow& result : results) {
    append_item(out, "    ", result.name, python_type(result.type), "",
                result.type == Type::map_of_maps ? "A dict of dicts with these keys:"
                : result.fields                  ? "A dict with these keys:"
                                                 : result.doc);
    if (!result.fields) continue;
    for (const FieldRow& row : result.fields()) {
      append_item(out, "        ", row.name, python_type(row.type), "", row.doc);
    }
  }
}

}  // namespace

std::string_view python_type(Type type) {
  switch (type) {
    case Type::boolean:
      return "bool";
    case Type::integer:
      return "int";
    case Type::number:
      return "float";
    case Type::data:
      return "str | bytes";
    case Type::callback:
      return "str | Callable | None";
    case Type::map:
    case Type::map_of_texts:
    case Type::map_of_maps:
      return "dict";
    case Type::switch_or_map:
      return "bool | dict";
    case Type::text_or_map:
      return "str | dict";
    case Type::texts:
      return "list[str]";
    case Type::switch_or_texts:
      return "bool | list[str]";
    default:
      return "str";
  }
}

std::string python_literal(std::string_view table_text) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> literals = {
      {{"nil", "None"}, {"true", "True"}, {"false", "False"}}};
  for (const auto& [table, python] : literals) {
    if (table_text == table) return std::string(python);
  }
  // Python's data says by its type which opcode it needs.
  return table_text == "sim_ws_opcode_text" ? "None" : std::string(table_text);
}

std::string python_signature(std::span<const Parameter> parameters,
                             std::span<const ResultRow> results) {
  return parameter_list(parameters, true) + " -> " + result_type(results);
}

std::string python_synopsis(const Signature& signature) {
  return signature.full_name() + parameter_list(signature.parameters, true);
}

std::string python_text_signature(const FunctionRow& row) {
  return parameter_list(row.parameters, false);
}

std::string python_wording(std::string_view sentences) {
  std::string out;
  while (!sentences.empty()) {
    const std::size_t begin = sentences.find('`');
    out += python_prose(sentences.substr(0, begin));
    if (begin == std::string_view::npos) break;
    sentences.remove_prefix(begin + 1);
    const std::size_t end = sentences.find('`');
    out.append("`").append(python_code(sentences.substr(0, end))).append("`");
    if (end == std::string_view::npos) break;
    sentences.remove_prefix(end + 1);
  }
  return out;
}

std::string python_docstring(const FunctionRow& row) {
  std::string out;
  append_wrapped(out, python_wording(row.doc), "");
  append_parameters(out, row.parameters);
  append_results(out, row.results);
  out += "\nErrors:\n";
  append_wrapped(out, python_wording(row.errors), "    ");
  out.append("\nSince ").append(row.since).append(".");
  return out;
}

std::string python_docstring(const CallbackRow& row) {
  std::string out;
  append_wrapped(out, python_wording(row.doc), "");
  append_parameters(out, row.parameters);
  append_results(out, row.results);
  out.append("\nSince ").append(row.since).append(".");
  return out;
}

}  // namespace simws::script
