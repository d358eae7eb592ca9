#include "script/reference.h"

#include "script/describe.h"
#include "script/function_table.h"
#include "script/python_text.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace simws::script {

namespace {

constexpr std::string_view introduction =
    "# simWS reference\n"
    "\n"
    "Generated from the table of functions by `simws reference`.\n"
    "\n"
    "`simWS` gives a script WebSocket connections, as a server, which answers plain HTTP requests "
    "too, and as a client: in the program "
    "`simws`, in plain Lua 5.4 and Python (`local simWS = require 'simWS'`, `import simWS`), and "
    "in "
    "CoppeliaSim. All of them have the same functions.\n"
    "\n"
    "- Times are in seconds, fractions allowed; sizes are in bytes.\n"
    "- Handles of servers, clients and connections are strings. One that has been given out is "
    "never given "
    "out again in the process; don't take them apart.\n"
    "- nil for an optional parameter means its default. An int may be given as a float without "
    "fraction; strings are not taken for numbers, nor numbers for strings.\n"
    "- A wrong argument raises an error that names the parameter, the value and what is expected. "
    "A "
    "handle that is unknown raises `invalid object handle: ...` in every function.\n"
    "- Callbacks run on the script's own thread, one at a time, never inside another call of the "
    "script but `simWS.stop` and `simWS.disconnect`. For one connection: open, then messages in "
    "the order received, then "
    "close.\n"
    "- A callback that raises an error doesn't end the script: the error and its traceback go to "
    "the log.\n";

// Markdown's tables are taken apart at bars and lines.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

std::string code(std::string_view text) {
  if (text.empty()) return {};
  return std::string("`").append(cell(text)).append("`");
}

class Page {
 public:
  void text(std::string_view text) { markdown_.append(text); }
  void paragraph(std::string_view text) { markdown_.append("\n").append(text).append("\n"); }
  void heading(std::string_view marks, std::string_view title) {
    markdown_.append("\n").append(marks).append(" ").append(title).append("\n");
  }
  void block(std::string_view language, std::string_view lines) {
    markdown_.append("\n```").append(language).append("\n").append(lines).append("\n```\n");
  }
  void table(const std::vector<std::string>& titles) {
    markdown_ += "\n";
    row(titles);
    markdown_ += "|";
    for (std::size_t i = 0; i < titles.size(); ++i) markdown_ += "---|";
    markdown_ += "\n";
  }
  void row(const std::vector<std::string>& cells) {
    markdown_ += "|";
    for (const std::string& text : cells) markdown_.append(" ").append(text).append(" |");
    markdown_ += "\n";
  }
  std::string take() { return std::move(markdown_); }

 private:
  std::string markdown_;
};

std::string lua_results(std::span<const ResultRow> results) {
  std::string text;
  for (const ResultRow& result : results) {
    if (!text.empty()) text += ", ";
    text.append(type_name(result.type)).append(" ").append(result.name);
  }
  return text.empty() ? text : text + " = ";
}

std::string lua_callback(const CallbackRow& row) {
  std::string text = lua_results(row.results) + std::string(row.name) + "(";
  for (std::size_t i = 0; i < row.parameters.size(); ++i) {
    const Parameter& parameter = row.parameters[i];
    if (i == row.always) text += "[";
    if (i > 0) text += ", ";
    text.append(type_name(parameter.type)).append(" ").append(parameter.name);
  }
  return text + (row.parameters.size() > row.always ? "])" : ")");
}

void write_parameters(Page& page, std::span<const Parameter> parameters) {
  if (parameters.empty()) return;
  page.table({"parameter", "type", "default", "meaning"});
  for (const Parameter& p : parameters) {
    page.row({code(p.name), std::string(type_name(p.type)), code(p.default_value), cell(p.doc)});
  }
}

void write_results(Page& page, std::span<const ResultRow> results) {
  if (results.empty()) return;
  page.table({"result", "type", "meaning"});
  for (const ResultRow& r : results) {
    page.row({code(r.name), std::string(type_name(r.type)), cell(r.doc)});
  }
}

std::string range_text(const OptionRow& row) {
  if (row.type != Type::integer && row.type != Type::number) return {};
  return number_text(row.range.least) + " to " + number_text(row.range.most);
}

std::string option_type(Type type) {
  return type == Type::texts ? "list of strings" : std::string(type_name(type));
}

void write_keys(Page& page, std::string_view of, std::span<const OptionRow> rows) {
  page.paragraph("Keys of `" + std::string(of) + "`:");
  page.table({"key", "type", "default", "range", "since", "meaning"});
  for (const OptionRow& row : rows) {
    page.row({code(row.name), option_type(row.type), code(row.default_value), range_text(row),
              std::string(row.since), cell(row.doc)});
  }
  for (const OptionRow& row : rows) {
    if (row.keys) write_keys(page, row.name, row.keys());
  }
}

void write_options(Page& page, const Parameter& parameter) {
  if (parameter.keys) write_keys(page, parameter.name, parameter.keys());
}

void write_fields(Page& page, const ResultRow& result) {
  if (!result.fields) return;
  page.paragraph("Keys of `" + std::string(result.name) + "`:");
  page.table({"key", "type", "since", "meaning"});
  for (const FieldRow& row : result.fields()) {
    page.row(
        {code(row.name), std::string(type_name(row.type)), std::string(row.since), cell(row.doc)});
  }
}

void write_function(Page& page, const FunctionRow& row) {
  page.heading("###", "simWS." + std::string(row.name));
  page.paragraph(row.doc);
  page.block("", "Lua     " + lua_results(row.results) + synopsis(row) + "\nPython  simWS." +
                     std::string(row.name) + python_signature(row.parameters, row.results));
  write_parameters(page, row.parameters);
  for (const Parameter& parameter : row.parameters) write_options(page, parameter);
  write_results(page, row.results);
  for (const ResultRow& result : row.results) write_fields(page, result);
  page.paragraph("Errors: " + std::string(row.errors));
  if (!row.example.empty()) page.block("lua", row.example);
  page.paragraph("Since " + std::string(row.since) + ".");
}

void write_callback(Page& page, const CallbackRow& row) {
  page.heading("###", row.name);
  page.paragraph(row.doc);
  page.block("", "Lua     " + lua_callback(row) + "\nPython  " + std::string(row.name) +
                     python_signature(row.parameters, row.results));
  write_parameters(page, row.parameters);
  write_results(page, row.results);
  if (!row.example.empty()) page.block("lua", row.example);
  page.paragraph("Since " + std::string(row.since) + ".");
}

void write_constants(Page& page) {
  page.heading("##", "Constants");
  page.paragraph(
      "Each is there by three names: `simWS.opcode.text`, `simWS.opcode_text` and, for scripts "
      "written for the WS plugin, `sim_ws_opcode_text` (in plain Lua `simWS.sim_ws_opcode_text`).");
  page.table({"constant", "value", "since", "meaning"});
  for (const ConstantRow& row : constants()) {
    page.row({"`simWS." + std::string(row.group) + "." + std::string(row.name) + "`",
              std::to_string(row.value), std::string(row.since), cell(row.doc)});
  }
}

void write_named_parameters(Page& page) {
  page.heading("##", "Named parameters");
  page.paragraph(
      "Settings of the program around the script: of the simulator, or of `simws run --param "
      "name=value`. They are text; a list is written with commas.");
  page.table({"named parameter", "default", "meaning"});
  page.row({"`simWS.<option>`", "", "The default of that option of `simWS.start`."});
  page.row(
      {"`simWS.passBudget`", "`0.005`",
       "Seconds that one pass over waiting events may take; what is left waits for the next."});
  page.row({"`simWS.userAgent`", "`simWS`",
            "The value of the header Server of HTTP answers, and of a client's User-Agent."});
}

void write_contents(Page& page) {
  page.heading("##", "Functions");
  page.text("\n");
  for (const FunctionRow& row : functions()) {
    std::string anchor = "simws" + std::string(row.name);
    std::ranges::transform(anchor, anchor.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    page.text("- [simWS." + std::string(row.name) + "](#" + anchor + ")\n");
  }
}

}  // namespace

std::string reference_markdown() {
  Page page;
  page.text(introduction);
  write_contents(page);
  for (const FunctionRow& row : functions()) write_function(page, row);
  page.heading("##", "Callbacks");
  page.paragraph(
      "Functions of the script, by whatever names; the handler functions above say which one is "
      "called for what. What stands in brackets is passed to a function that takes it.");
  for (const CallbackRow& row : callbacks()) write_callback(page, row);
  write_constants(page);
  write_named_parameters(page);
  return page.take();
}

}  // namespace simws::script
