// k6: readers of the REST API and clients of the live feed against a running gateway. BASE=http://127.0.0.1:8080 CLIENTS=50 SECONDS=20 READS=50 (per second; 0: live clients only)
import { check } from 'k6';
import http from 'k6/http';
import { Counter, Trend } from 'k6/metrics';
import ws from 'k6/ws';

const base = __ENV.BASE || 'http://127.0.0.1:8080';
const seconds = Number(__ENV.SECONDS || 20);
const reads = Number(__ENV.READS === undefined ? 50 : __ENV.READS);
const frames = new Counter('live_frames');
const gap = new Trend('live_frame_gap', true);

export const options = {
  scenarios: {
    watchers: {
      executor: 'per-vu-iterations',
      exec: 'watch',
      vus: Number(__ENV.CLIENTS || 50),
      iterations: 1,
      maxDuration: `${seconds + 10}s`,
    },
    ...(reads === 0
      ? {}
      : {
          readers: {
            executor: 'constant-arrival-rate',
            exec: 'read',
            rate: reads,
            timeUnit: '1s',
            duration: `${seconds}s`,
            preAllocatedVUs: 10,
          },
        }),
  },
  thresholds: { checks: ['rate==1'], http_req_failed: ['rate==0'] },
};

/** A client of the live feed: a snapshot first, then frames whose numbers rise by one. */
export const watch = () => {
  let seq;
  let last;
  const response = ws.connect(`${base.replace('http', 'ws')}/live`, (socket) => {
    socket.on('message', (text) => {
      const message = JSON.parse(text);
      check(message, { 'frames follow each other, or a snapshot replaces them': (m) => m.type === 'snapshot' || m.seq === seq + 1 });
      if (last !== undefined) gap.add(Date.now() - last);
      last = Date.now();
      seq = message.seq;
      frames.add(1);
    });
    socket.setTimeout(() => socket.close(), seconds * 1000);
  });
  check(response, { 'the feed opens': (r) => r && r.status === 101 });
};

export const read = () => {
  for (const path of ['/api/junctions', '/api/health', '/api/kpis'])
    check(http.get(base + path), { 'answers 200': (r) => r.status === 200 });
};
