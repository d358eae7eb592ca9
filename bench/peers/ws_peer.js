// The server with Node's ws: node ws_peer.js <port> <role>. NODE_PATH says where ws is, with
// bufferutil and utf-8-validate beside it.
const { WebSocket, WebSocketServer } = require('ws');

const [port, role] = process.argv.slice(2);
const server = new WebSocketServer({
  host: '127.0.0.1',
  port: Number(port),
  backlog: 4096,
  maxPayload: 65 * 1024 * 1024,
  perMessageDeflate: role === 'deflate' ? { threshold: 0 } : false,
});

function sendToAll(data, isBinary) {
  for (const client of server.clients) {
    if (client.readyState === WebSocket.OPEN) client.send(data, { binary: isBinary });
  }
}

server.on('connection', (socket) => {
  socket.on('message', (data, isBinary) => {
    if (role === 'fan-out') sendToAll(data, isBinary);
    else socket.send(data, { binary: isBinary });
  });
  socket.on('error', () => socket.terminate());
});
server.on('listening', () => console.log(`port ${server.address().port}`));
