// Compressed echoes with the client of Node's ws, whatever it asks for of contexts and windows; ends with 0 when all of it
// went as it should.
'use strict';
const assert = require('assert');
const { once } = require('events');
const WebSocket = require('ws');

async function talk(port, perMessageDeflate) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`, { perMessageDeflate: { threshold: 0, ...perMessageDeflate } });
  await once(socket, 'open');
  assert.match(socket.extensions, /permessage-deflate/);
  for (const text of ['', 'x', 'again and again', 'again and again', '{"angle":0.5}'.repeat(5000), 'again and again']) {
    socket.send(text);
    assert.strictEqual((await once(socket, 'message'))[0].toString(), text);
  }
  socket.send('frag'.repeat(1000), { fin: false });
  socket.send('ment', { fin: true });
  assert.strictEqual((await once(socket, 'message'))[0].toString(), 'frag'.repeat(1000) + 'ment');
  socket.close(1000);
  await once(socket, 'close');
}

async function main(port) {
  // Not false: then it takes no answer that asks for it.
  for (const serverNoContextTakeover of [undefined, true]) {
    for (const clientNoContextTakeover of [undefined, true]) {
      await talk(port, { serverNoContextTakeover, clientNoContextTakeover });
    }
  }
  await talk(port, { serverMaxWindowBits: 9, clientMaxWindowBits: 10 });
}

main(process.argv[2]).catch((error) => {
  console.error(error);
  process.exit(1);
});
