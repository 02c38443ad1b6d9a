// Publishes the events of a JSON file (one object or a list) through the gateway. Node.js 20 or later, no packages:
//
//   GATEWAY_URL=https://gateway HAGIANG_API_KEY=... node publish_events.mjs government.dossier_status_changed events.json
//
// Exit status: 0 all taken, 1 some or none taken (the answer says which and why), 2 the gateway was away too long.

import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const TRIES = 8;
// Waiting helps: too many requests, a full spool, or a gateway that is not ready.
const PASSING = new Set([429, 502, 503, 504, 507]);

const [topic, file] = process.argv.slice(2);
const answer = await sendPatiently(`${process.env.GATEWAY_URL}/events/${topic}`, {
  method: 'POST',
  headers: {
    Authorization: `Bearer ${process.env.HAGIANG_API_KEY}`,
    'Content-Type': 'application/json',
    // Made once, not for each try: a repeat gets the same event ids and counts once.
    'Idempotency-Key': randomUUID(),
  },
  body: await readFile(file),
});

if (answer === null) {
  console.error('The gateway was away too long; nothing is known, send the file again later.');
  process.exitCode = 2;
} else {
  // 202: all are durable. 207: `items` tells of each. Otherwise `detail` and `errors` tell how to mend it.
  console.log(await answer.text());
  process.exitCode = answer.status === 202 ? 0 : 1;
}

/** The answer that settles the request; null when there was none. Waits longer after each failure. */
async function sendPatiently(url, request) {
  for (let failures = 0; failures < TRIES; failures++) {
    let pause = Math.min(30, 0.5 * 2 ** failures) * (0.5 + Math.random() / 2);
    try {
      const answer = await fetch(url, { ...request, signal: AbortSignal.timeout(35_000) });
      if (!PASSING.has(answer.status)) return answer;
      await answer.arrayBuffer();
      pause = Math.max(pause, Number(answer.headers.get('Retry-After')) || 0);
    } catch (away) {
      console.error(`The gateway cannot be reached: ${away.cause ?? away}`);
    }
    await sleep(pause * 1000);
  }
  return null;
}
