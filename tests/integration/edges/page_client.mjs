// simws.js at the addresses that it's given, for what its users see: {"event", ...} for each state, change of
// `stale` and message of topics `pose` and `map`, a line each. Ends with standard input.
import {connect} from '../../../packages/js/simws.js';
import {fromNpm} from '../../../packages/js/tests/npm.js';

const {WebSocket} = fromNpm('ws');
const say = (event, values) => console.log(JSON.stringify({event, ...values}));

const client = connect(process.argv.slice(2), {WebSocket, reconnect: {initial: 0.1}});
client.on('state', state => say('state', {state}));
client.on('stale', isStale => say('stale', {isStale}));
client.on('error', ({message}) => say('error', {message}));
for (const topic of ['pose', 'map']) {
  client.subscribe(topic, (data, {key, epoch, sequence}) => say('message', {topic, key, data, epoch, sequence}), {policy: 'latest', rate: 20});
}
