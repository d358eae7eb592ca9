// A worker with viewers that look at everything, as so many pages would.

import {connect} from '/simws.js';

const clients = [];

function look() {
  const client = connect();
  for (const topic of ['pose', 'arm']) client.subscribe(topic, () => {}, {policy: 'latest'});
  client.subscribe('map', () => {});
  client.on('open', tell);
  client.on('close', tell);
  return client;
}

function tell() {
  postMessage(clients.filter(({state}) => state === 'open').length);
}

// How many there shall be.
onmessage = ({data: wanted}) => {
  while (clients.length < wanted) clients.push(look());
  while (clients.length > wanted) clients.pop().close();
  tell();
};
