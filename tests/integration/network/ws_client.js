// Echo, ping and close with the client of Node's ws; ends with 0 when all of it went as it should.
'use strict';
const assert = require('assert');
const { once } = require('events');
const WebSocket = require('ws');

async function main(port) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/node`);
  await once(socket, 'open');
  assert.strictEqual(socket.extensions, '');
  for (const size of [0, 125, 126, 65535, 65536, 1000003]) {
    const data = Buffer.alloc(size, size % 251);
    socket.send(data);
    const [echo, isBinary] = await once(socket, 'message');
    assert(isBinary && data.equals(echo), `binary of ${size}`);
    socket.send('z'.repeat(size));
    const [text, textIsBinary] = await once(socket, 'message');
    assert(!textIsBinary && text.toString() === 'z'.repeat(size), `text of ${size}`);
  }
  socket.send('frag', { fin: false });
  socket.send('ment', { fin: true });
  assert.strictEqual((await once(socket, 'message'))[0].toString(), 'fragment');
  socket.ping('hello');
  assert.strictEqual((await once(socket, 'pong'))[0].toString(), 'hello');
  socket.close(4004, 'from ws');
  assert.strictEqual((await once(socket, 'close'))[0], 4004);
}

main(process.argv[2]).catch((error) => {
  console.error(error);
  process.exit(1);
});
