#include "host/commands/manual.h"

#include <string_view>

namespace simws::host {

namespace {

constexpr std::string_view files = R"(.SH FILES
.TP
.I $XDG_STATE_HOME/simws/history
Lines that were typed in
.BR "simws connect" ,
the last 1000 of them; without the variable
.IR \(ti/.local/state/simws/history .
.SH ENVIRONMENT
.TP
.B NO_COLOR
If it is set and not empty, nothing is printed in colour.
.TP
.BR http_proxy ", " https_proxy ", " no_proxy
The proxy of
.B simws connect
where the option
.B \-\-proxy
names none.
.SH SEE ALSO
.BR lua (1),
.BR python3 (1)
)";

// roff reads a backslash everywhere, a dot and an apostrophe at the start of a line, and breaks
// lines at a minus only where it is one.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if (c == '~') {
      out += "\\(ti";
    } else if (c == '^') {
      out += "\\(ha";
    } else {
      out += c;
    }
  }
  return out;
}

std::string line(std::string_view macro, std::string_view text) {
  return std::string(macro) + " \"" + escaped(text) + "\"\n";
}

// Lines that begin with a space stay as they are.
std::string paragraphs(std::string_view text) {
  std::string out = ".PP\n";
  bool is_as_it_is = false;
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find('\n'));
    text.remove_prefix(part.size() < text.size() ? part.size() + 1 : part.size());
    if (part.empty()) {
      out += is_as_it_is ? ".EE\n.PP\n" : ".PP\n";
      is_as_it_is = false;
      continue;
    }
    const bool begins_with_space = part.front() == ' ';
    if (begins_with_space != is_as_it_is) out += begins_with_space ? ".EX\n" : ".EE\n";
    is_as_it_is = begins_with_space;
    out += escaped(part) + '\n';
  }
  return is_as_it_is ? out + ".EE\n" : out;
}

std::string described(const std::string& help, const std::string& default_text) {
  const std::string text = default_text.empty() ? help : help + ". Without it: " + default_text;
  return escaped(text) + ".\n";
}

std::string option_text(const OptionText& option) {
  std::string names;
  for (const std::string& name : option.names) {
    names += (names.empty() ? "\\fB" : ", \\fB") + escaped(name) + "\\fR";
  }
  if (option.value) names += " \\fI" + escaped(option.value->placeholder) + "\\fR";
  return ".TP\n" + names + '\n' + described(option.help, option.default_text);
}

std::string positional_text(const PositionalText& positional) {
  return ".TP\n\\fI" + escaped(positional.name) + "\\fR\n" +
         described(positional.help, positional.default_text);
}

std::string command_text(const CommandText& command) {
  std::string text = line(".SS", command.usage) + escaped(command.help) + ".\n";
  for (const PositionalText& positional : command.positionals) text += positional_text(positional);
  for (const OptionText& option : command.options) {
    if (option.names.front() != "-h") text += option_text(option);
  }
  return command.footer.empty() ? text : text + paragraphs(command.footer);
}

std::string synopsis(const std::vector<CommandText>& commands) {
  std::string text = ".SH SYNOPSIS\n.nf\n";
  for (std::size_t i = 1; i < commands.size(); ++i) text += escaped(commands[i].usage) + '\n';
  return text + ".fi\n";
}

}  // namespace

std::string manual_page(const std::vector<CommandText>& commands, const std::string& version) {
  const CommandText& program = commands.front();
  std::string page = ".\\\" Made by: simws manual\n.TH SIMWS 1 \"\" \"simws " + version +
                     "\" \"User commands\"\n.SH NAME\nsimws \\- " +
                     escaped("WebSocket server and client for simulations and robots") + '\n' +
                     synopsis(commands) + ".SH DESCRIPTION\n" + escaped(program.help) + '\n';
  for (const OptionText& option : program.options) page += option_text(option);
  page += ".SH COMMANDS\n";
  for (std::size_t i = 1; i < commands.size(); ++i) page += command_text(commands[i]);
  return page.append(files);
}

}  // namespace simws::host
