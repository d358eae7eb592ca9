// A server by Node's ws: node ws_server.js PORT. What it does with orders says servers.py beside it.
'use strict';
const { WebSocketServer } = require('ws');

const server = new WebSocketServer({
  host: '127.0.0.1',
  port: Number(process.argv[2]),
  maxPayload: 0,
  perMessageDeflate: { threshold: 0 },
  handleProtocols: (offered) => (offered.has('robot.v1') ? 'robot.v1' : false),
});

function obey(socket, order, argument) {
  if (order === '/close') socket.close(Number(argument), 'as ordered');
  else if (order === '/ping') socket.ping('there?');
  else if (order === '/drop') socket.terminate();
  else if (order === '/fragments') {
    const count = Number(argument);
    for (let i = 0; i < count; ++i) socket.send(`${i} `, { fin: i + 1 === count });
  }
}

server.on('connection', (socket) => {
  socket.on('message', (data, isBinary) => {
    const text = isBinary ? '' : data.toString();
    if (text.startsWith('/')) obey(socket, ...text.split(' '));
    else socket.send(data, { binary: isBinary });
  });
  socket.on('pong', (data) => socket.send(`pong ${data}`));
  socket.on('error', () => socket.terminate());
});
server.on('listening', () => console.log(`port ${server.address().port}`));
