// A client and the server that it comes to, ended with the test.
import {connect} from '../simws.js';
import {MockServer, WebSocket} from './mock_server.js';

export async function serve(test, port) {
  const server = await MockServer.start(port);
  test.after(() => server.stop());
  return server;
}

// Without signs of life, and attempts that follow at once, unless the options say otherwise.
export function connectTo(test, address, options = {}) {
  const client = connect(address, {WebSocket, heartbeat: 0, reconnect: {initial: 0}, ...options});
  test.after(() => client.close());
  return client;
}

// Both, connected.
export async function connected(test, options) {
  const server = await serve(test);
  const client = connectTo(test, server.url, options);
  const [connection] = await Promise.all([server.connection(), next(client, 'open')]);
  return {server, client, connection};
}

// The values of the next event of that kind.
export function next(client, event) {
  return new Promise(resolve => {
    const off = client.on(event, (...values) => {
      off();
      resolve(values);
    });
  });
}

export async function reaches(client, state) {
  while (client.state !== state) await next(client, 'state');
}

// The calls of a function that is given to the client, as lists of values.
export function recorder() {
  const calls = [];
  return Object.assign((...values) => void calls.push(values), {calls});
}

// What the page, or Node, has at that name while the test runs.
export function replace(test, object, name, value) {
  const before = Object.getOwnPropertyDescriptor(object, name);
  Object.defineProperty(object, name, {value, configurable: true, writable: true});
  test.after(() => (before ? Object.defineProperty(object, name, before) : delete object[name]));
}
