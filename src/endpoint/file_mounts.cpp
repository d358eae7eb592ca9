#include "endpoint/file_mounts.h"

#include "protocol/http/syntax.h"

#include <algorithm>
#include <utility>

namespace simws::endpoint {

namespace {

namespace http = protocol::http;

// Files that wait for their disk at a time.
constexpr std::size_t most_workers = 4;

Error no_served_file(std::string_view option, const std::string& value) {
  return {ErrorCode::invalid_argument,
          std::string(option) + ' ' + http::in_quotes(value) +
              " names no file that is served: write its path in the folder, without hidden names, "
              "'..', or backslashes"};
}

// "app/index.html"
Result<http::Names> parse_fallback(const std::string& fallback) {
  if (fallback.empty()) return http::Names();
  auto names = http::parse_prefix("/" + fallback);
  const bool is_file = !fallback.ends_with('/') && names.ok();
  if (!is_file || names->empty() || !std::ranges::all_of(*names, http::is_served_name)) {
    return no_served_file("fallback", fallback);
  }
  return names;
}

Result<FileMount> make_mount(std::string_view prefix, const ServedFolder& folder,
                             FileOptions options) {
  auto names = http::parse_prefix(prefix);
  if (!names) return std::move(names).error();
  auto fallback = parse_fallback(options.fallback);
  if (!fallback) return std::move(fallback).error();
  if (!options.index.empty() && !http::is_served_name(options.index)) {
    return no_served_file("index", options.index);
  }
  http::FileFields fields{std::move(options.cache_control), std::move(options.headers)};
  if (auto checked = http::check_file_fields(fields); !checked) return std::move(checked).error();
  return FileMount{
      std::move(names).value(),    folder.path(),     std::move(options.index), options.listing,
      std::move(fallback).value(), std::move(fields), options.is_public,        nullptr};
}

}  // namespace

Result<void> FileMounts::set(std::string_view prefix, const ServedFolder& folder,
                             FileOptions options) {
  auto made = make_mount(prefix, folder, std::move(options));
  if (!made) return std::move(made).error();
  made->workers = loop_.make_workers(most_workers);
  auto mount = std::make_shared<const FileMount>(std::move(made).value());
  const auto same = std::ranges::find_if(
      mounts_, [&](const auto& each) { return each->prefix == mount->prefix; });
  if (same != mounts_.end()) {
    *same = std::move(mount);
    return {};
  }
  const auto is_longer = [&](const auto& each) {
    return each->prefix.size() > mount->prefix.size();
  };
  mounts_.insert(std::ranges::find_if_not(mounts_, is_longer), std::move(mount));
  return {};
}

std::shared_ptr<const FileMount> FileMounts::find(std::string_view resource) const {
  const auto takes = [&](const auto& mount) {
    return http::beneath(mount->prefix, resource).has_value();
  };
  const auto found = std::ranges::find_if(mounts_, takes);
  return found == mounts_.end() ? nullptr : *found;
}

bool FileMounts::is_public(const RequestHead& request) const {
  if (request.method() != "GET" && request.method() != "HEAD") return false;
  const auto mount = find(request.resource());
  return mount && mount->is_public;
}

}  // namespace simws::endpoint
