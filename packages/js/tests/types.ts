// What TypeScript has to take, and what not.
import {connect, type Client, type Data, type Message, type State} from '../simws.js';

const client: Client = connect();
connect({token: 'x'});
connect('wss://robot.example', {reconnect: {max: 1}, background: false, WebSocket});
connect(['ws://a', new URL('ws://b')] as const, {background: {rate: 2}});

const off: () => void = client.subscribe('pose', (data: Data, {topic, key, time, age, epoch, sequence}: Message) => {
  if (typeof data !== 'string') new Float32Array(data);
  return [topic.length, key.length, new Date(time), age.toFixed(1), epoch?.length, sequence?.toFixed()];
}, {policy: 'latest', rate: 30, background: false});
client.subscribe('map', async data => {});
client.on('open', off);
client.on('state', (state: State, {wait}) => wait?.toFixed(1));
client.on('stale', (stale: boolean, reason) => [stale === client.stale, reason.length]);
client.on('close', ({code, reason}) => code + reason.length);
client.on('message', (data: Data) => {});
client.on('error', error => 'topic' in error && error.topic);
const sent: boolean = client.send(new Float32Array(3)) && client.publish('drive', '{}');
const age: number | undefined = client.age('pose') ?? client.roundTrip;

// @ts-expect-error
client.subscribe('pose', () => {}, {policy: 'newset'});
// @ts-expect-error
client.on('opened', () => {});
// @ts-expect-error
client.send({v: 1});
// @ts-expect-error
connect({tocken: 'x'});
