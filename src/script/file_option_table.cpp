// The rows of the options of `serveFiles`.
#include "script/function_table.h"

#include <algorithm>

namespace simws::script {

namespace {

constexpr std::string_view since_1_0 = "1.0";

constexpr OptionRow file_rows[] = {
    {"index",
     Type::text,
     "'index.html'",
     {},
     &FileOptions::index,
     since_1_0,
     "The file that stands for its folder. Empty: none does."},
    {"listing",
     Type::boolean,
     "false",
     {},
     &FileOptions::listing,
     since_1_0,
     "True: a folder without such a file is answered with a page that lists what is in it, but for "
     "hidden files."},
    {"fallback",
     Type::text,
     "''",
     {},
     &FileOptions::fallback,
     since_1_0,
     "A file of the folder, such as `'index.html'`, that answers what isn't there, for pages that "
     "have many addresses (single-page applications). What has an ending, such as a missing "
     "picture, is 404 all the same, unless a browser opens it as a page."},
    {"cacheControl",
     Type::text,
     "'no-cache'",
     {},
     &FileOptions::cache_control,
     since_1_0,
     "The field Cache-Control. As it is, a browser asks each time whether its copy still is the "
     "newest, which costs little. Empty: none."},
    {"headers",
     Type::map_of_texts,
     "{}",
     {},
     &FileOptions::headers,
     since_1_0,
     "More fields of the answers, in place of the server's own of the same name."},
    {"public",
     Type::boolean,
     "false",
     {},
     &FileOptions::is_public,
     since_1_0,
     "True: any page may show these files, whatever Host it asks for: the rules of Host, Origin "
     "and Sec-Fetch-Site don't hold for them. A token is asked for all the same."},
};

static_assert(std::ranges::all_of(file_rows, [](const OptionRow& row) {
  return !row.doc.empty() && !row.since.empty() && !row.default_value.empty();
}));

}  // namespace

std::span<const OptionRow> file_options() {
  return file_rows;
}

}  // namespace simws::script
