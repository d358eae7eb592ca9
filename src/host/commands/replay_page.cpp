#include "host/commands/replay_page.h"

#include <string_view>

namespace simws::host {

namespace {

constexpr std::string_view head = R"(<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>simWS replay</title>
<style>
  :root { color-scheme: light dark; font-family: system-ui, sans-serif; }
  body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
  dt { opacity: .7; }
  dd { margin: 0 0 .5rem; overflow-wrap: anywhere; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
</style>
<h1>Replay</h1>
<dl>
)";

constexpr std::string_view rest = R"(</dl>
<p role="status" id="state">connecting</p>
<pre id="messages"></pre>
<script type="module">
  const state = document.getElementById('state'), messages = document.getElementById('messages');
  const socket = new WebSocket(location.href.replace(/^http/, 'ws'));
  socket.binaryType = 'arraybuffer';
  let count = 0, lines = [], isDue = false;
  const show = () => {
    isDue = false;
    state.textContent = `${count} messages`;
    messages.textContent = lines.join('\n');
  };
  socket.onopen = () => { state.textContent = 'connected'; };
  socket.onclose = () => { state.textContent = `${count} messages, then it has ended`; };
  socket.onmessage = ({data}) => {
    ++count;
    lines = [typeof data === 'string' ? data.slice(0, 1000) : `${data.byteLength} bytes`, ...lines].slice(0, 100);
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(show);
  };
</script>
)";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '&':
        out += "&amp;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

void append_term(std::string& page, std::string_view term, std::string_view text) {
  if (text.empty()) return;
  page.append("<dt>").append(term).append("</dt><dd>").append(escaped(text)).append("</dd>\n");
}

}  // namespace

std::string replay_page(const std::string& file, const recording::Header& header) {
  std::string page(head);
  append_term(page, "File", file.substr(file.rfind('/') + 1));
  append_term(page, "Recorded", header.began);
  append_term(page, "From", header.url.empty() ? header.server : header.url);
  append_term(page, "Subprotocol", header.subprotocol);
  return page.append(rest);
}

}  // namespace simws::host
