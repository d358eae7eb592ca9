// How the commands' help looks.
#pragma once

#include <CLI/CLI.hpp>

#include <string>

namespace simws::host {

// A value is its placeholder and its default; what else there is to know of it, its text says.
class HelpFormatter : public CLI::Formatter {
 public:
  std::string make_option_opts(const CLI::Option* option) const override {
    if (option->get_items_expected_max() == 0) return {};
    const std::string placeholder = option->get_type_name();
    const std::string value = option->get_default_str();
    return (placeholder.empty() ? "" : " " + placeholder) + (value.empty() ? "" : "=" + value);
  }
};

}  // namespace simws::host
