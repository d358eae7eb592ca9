// What the page says of a server's broker, and of an edge's. Nothing here knows of a page.
import * as format from './format.js';

// How the server gets on with it, as {words, isBad}; undefined: it has none, and what it serves is as new as it comes.
export function describe(server) {
  const lines = [brokerLine(server), staleLine(server)].filter(Boolean);
  if (lines.length === 0) return undefined;
  return {words: lines.map(({words}) => words).join(' · '), isBad: lines.some(({isBad}) => isBad)};
}

function brokerLine({broker, brokerRate}) {
  if (!broker) return undefined;
  const parts = [`Broker ${broker.url}: ${stateOf(broker)}`];
  parts.push(`${format.count(broker.published)} sent (${format.rate(brokerRate)}/s)`, `${format.bytes(broker.queuedBytes)} waiting`);
  if (broker.conflated > 0) parts.push(`${format.count(broker.conflated)} replaced by newer ones`);
  if (broker.dropped > 0) parts.push(`${format.count(broker.dropped)} lost`);
  if (broker.incoming > 0) parts.push(`${format.count(broker.incoming)} of edges' viewers`);
  if (broker.incomingDropped > 0) parts.push(`${format.count(broker.incomingDropped)} of these refused`);
  if (broker.roundTrip !== undefined) parts.push(`round trip ${format.duration(broker.roundTrip)}`);
  return {words: parts.join(' · '), isBad: broker.state !== 'open' || Boolean(broker.error) || broker.dropped > 0};
}

function stateOf({state, server, name, error}) {
  const problem = error ? `: ${error}` : '';
  if (state === 'open') return `connected to ${server} as '${name}'${problem}`;
  if (state === 'held') return error;
  return `${state === 'error' ? 'not connected' : 'connecting'}${problem}`;
}

function staleLine({stale}) {
  return stale === undefined ? undefined : {words: `What it serves may be old: ${stale || 'it does not know'}`, isBad: true};
}
