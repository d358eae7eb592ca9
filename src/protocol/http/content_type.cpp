#include "protocol/http/response.h"

#include "base/ascii.h"

#include <algorithm>
#include <array>

namespace simws::protocol::http {

namespace {

struct MediaType {
  std::string_view extension;
  std::string_view type;
};

constexpr std::array media_types{
    MediaType{"html", "text/html; charset=utf-8"},
    MediaType{"htm", "text/html; charset=utf-8"},
    MediaType{"css", "text/css; charset=utf-8"},
    MediaType{"js", "text/javascript; charset=utf-8"},
    MediaType{"mjs", "text/javascript; charset=utf-8"},
    MediaType{"json", "application/json"},
    MediaType{"map", "application/json"},
    MediaType{"webmanifest", "application/manifest+json"},
    MediaType{"txt", "text/plain; charset=utf-8"},
    MediaType{"log", "text/plain; charset=utf-8"},
    MediaType{"lua", "text/plain; charset=utf-8"},
    MediaType{"py", "text/plain; charset=utf-8"},
    MediaType{"md", "text/markdown; charset=utf-8"},
    MediaType{"csv", "text/csv; charset=utf-8"},
    MediaType{"xml", "text/xml; charset=utf-8"},
    MediaType{"yaml", "application/yaml"},
    MediaType{"yml", "application/yaml"},
    MediaType{"urdf", "text/xml; charset=utf-8"},
    MediaType{"xacro", "text/xml; charset=utf-8"},
    MediaType{"sdf", "text/xml; charset=utf-8"},
    MediaType{"dae", "model/vnd.collada+xml"},
    MediaType{"gltf", "model/gltf+json"},
    MediaType{"glb", "model/gltf-binary"},
    MediaType{"stl", "model/stl"},
    MediaType{"obj", "model/obj"},
    MediaType{"mtl", "model/mtl"},
    MediaType{"svg", "image/svg+xml"},
    MediaType{"png", "image/png"},
    MediaType{"jpg", "image/jpeg"},
    MediaType{"jpeg", "image/jpeg"},
    MediaType{"gif", "image/gif"},
    MediaType{"ico", "image/x-icon"},
    MediaType{"webp", "image/webp"},
    MediaType{"avif", "image/avif"},
    MediaType{"wasm", "application/wasm"},
    MediaType{"woff", "font/woff"},
    MediaType{"woff2", "font/woff2"},
    MediaType{"ttf", "font/ttf"},
    MediaType{"otf", "font/otf"},
    MediaType{"mp4", "video/mp4"},
    MediaType{"webm", "video/webm"},
    MediaType{"mp3", "audio/mpeg"},
    MediaType{"wav", "audio/wav"},
    MediaType{"ogg", "audio/ogg"},
    MediaType{"pdf", "application/pdf"},
    MediaType{"zip", "application/zip"},
    MediaType{"gz", "application/gzip"},
};

}  // namespace

std::string_view content_type_of(std::string_view resource) {
  const std::string_view path = resource.substr(0, resource.find_first_of("?#"));
  return content_type_of_file(path.substr(path.rfind('/') + 1));
}

std::string_view content_type_of_file(std::string_view file) {
  const std::size_t dot = file.rfind('.');
  const std::string_view extension = dot == file.npos ? "html" : file.substr(dot + 1);
  const auto found = std::find_if(
      media_types.begin(), media_types.end(),
      [&](const MediaType& media) { return equals_ignoring_case(media.extension, extension); });
  return found == media_types.end() ? "application/octet-stream" : found->type;
}

}  // namespace simws::protocol::http
