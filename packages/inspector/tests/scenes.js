// Plays a scene to the pages of a fake server: what they subscribe to, they get.
import {Scene} from './fake_server.js';

export function play(server, {faster = 1, ...options} = {}) {
  const scene = new Scene(options);
  let [block, topicBlock, line] = [0, 0, 61];
  const timers = [];
  const every = (milliseconds, work) => timers.push(setInterval(work, milliseconds / faster));
  const when = (topic, work) => server.subscribed.has(topic) && work();

  server.onAsked = ({what, data}) => {
    if (what === 'begin' || what === 'rows') tellAll();
    const [verb, number] = what.split('/');
    if (verb === 'close') scene.numbers = scene.numbers.filter(each => each !== Number(number));
    return {done: true, words: verb === 'close' ? `closed with ${data}` : verb === 'send' ? 'sent' : 'done'};
  };
  every(500, () => server.publish('server', scene.server()));
  every(1000, () => server.publish('history', scene.history(1)));
  every(3000, () => server.publish('log', scene.lines(line++, 1)));
  every(100, () => when('messages', () => server.publish('messages', scene.messages())));
  every(Math.max(10, 1000 / scene.blocks), () => when('connections', () => tellBlock(block++ % scene.blocks)));
  every(250, () => when('topics', () => tellTopics(topicBlock++ % scene.topicBlocks)));

  function tellAll() {
    server.publish('server', scene.server());
    server.publish('history', scene.history());
    server.publish('log', scene.lines());
    for (let i = 0; i < scene.blocks; i++) tellBlock(i);
    for (let i = 0; i < scene.topicBlocks; i++) tellTopics(i);
  }
  function tellBlock(i) {
    server.publish('connections', scene.connections(i), String(i));
  }
  function tellTopics(i) {
    server.publish('topics', scene.topics(i), String(i));
  }

  return {scene, stop: () => timers.forEach(clearInterval)};
}
