#include "protocol/http/info_page.h"

#include "protocol/http/headers.h"

#include <string>
#include <string_view>

namespace simws::protocol::http {

namespace {

// Needs nothing from elsewhere. What comes is shown as text, never as HTML; old lines go, so that a
// stream can be watched for days.
constexpr std::string_view page = R"html(<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>simWS</title>
<style>
  body { display: flex; flex-direction: column; height: 100dvh; margin: 0; font: 16px system-ui, sans-serif; }
  header, form { display: flex; gap: .5em; padding: .6em 1em; align-items: baseline; flex-wrap: wrap; }
  header strong { margin-right: auto; }
  #lines { flex: 1; overflow-y: auto; margin: 0; padding: 0 1em; list-style: none;
           font: 14px ui-monospace, monospace; border-block: 1px solid #8886; }
  #lines li { padding: .15em 0; white-space: pre-wrap; overflow-wrap: anywhere; }
  .sent { opacity: .6; }
  .note { font-style: italic; opacity: .6; }
  input { flex: 1; min-width: 10em; font: inherit; padding: .3em; }
  button { font: inherit; padding: .3em 1em; }
</style>
<header>
  <strong>A simWS server</strong>
  <span id="state">connecting</span>
</header>
<ul id="lines"></ul>
<form>
  <input id="text" aria-label="A message" placeholder="a message" autocomplete="off" autofocus>
  <button>Send</button>
</form>
<script>
  const mostLines = 500, longestLine = 10000;
  const [state, lines, text] = ['state', 'lines', 'text'].map(id => document.getElementById(id));
  const address = location.origin.replace('http', 'ws') + '/';
  let socket, wait = 500;

  function add(kind, line) {
    const follows = lines.scrollTop + lines.clientHeight > lines.scrollHeight - 5;
    const item = document.createElement('li');
    item.className = kind;
    item.textContent = line.length > longestLine ? line.slice(0, longestLine) + '...' : line;
    lines.append(item);
    if (lines.childElementCount > mostLines) lines.firstChild.remove();
    if (follows) lines.scrollTop = lines.scrollHeight;
  }

  function connect() {
    socket = new WebSocket(address);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      wait = 500;
      state.textContent = 'connected to ' + address;
    };
    socket.onmessage = ({data}) =>
      add('', typeof data === 'string' ? data : `(binary, ${data.byteLength} bytes)`);
    socket.onclose = ({code, reason}) => {
      state.textContent = 'not connected';
      if (wait === 500) add('note', `closed: ${code} ${reason}`);
      setTimeout(connect, wait);
      wait = Math.min(2 * wait, 10000);
    };
  }

  document.querySelector('form').onsubmit = event => {
    event.preventDefault();
    if (socket.readyState !== WebSocket.OPEN) return;
    socket.send(text.value);
    add('sent', '> ' + text.value);
    text.value = '';
  };
  add('note', 'The script serves no page of its own (simWS.setHTTPHandler). What it sends comes here.');
  connect();
</script>
</html>
)html";

}  // namespace

std::optional<HttpResponse> info_page(const RequestHead& request) {
  const std::string_view resource = request.resource();
  if (resource.substr(0, resource.find('?')) != "/") return std::nullopt;
  if (request.method() != "GET" && request.method() != "HEAD") return std::nullopt;
  if (!accepts_html(request)) return std::nullopt;
  return HttpResponse{200, std::string(page), {{"Content-Type", "text/html; charset=utf-8"}}};
}

}  // namespace simws::protocol::http
