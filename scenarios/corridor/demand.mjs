// A weekday morning, 06:30–09:30: inbound heavy, then balancing. Vehicles of all classes per hour at the peak quarter; profiles by quarter hours.
const MIX = { motorcycle: 0.8, car: 0.185, truck: 0.015 };
const INBOUND = ['W0_J1', 'J1_J2', 'J2_J3', 'J3_J4', 'J4_J5', 'J5_J6', 'J6_J7', 'J7_J8', 'J8_E9'];
const OUTBOUND = ['E9_J8', 'J8_J7', 'J7_J6', 'J6_J5', 'J5_J4', 'J4_J3', 'J3_J2', 'J2_J1', 'J1_W0'];
const stop = (edge, at, name) => ({ id: `stop_${edge}`, name, lane: `${edge}_1`, startPos: at, endPos: at + 20 });
const inboundStops = [
  stop('W0_J1', 150, 'Vành Đai Lúa'),
  stop('J2_J3', 60, 'Phố Cau'),
  stop('J4_J5', 80, 'Trường Học'),
  stop('J5_J6', 120, 'Hoa Gạo'),
  stop('J7_J8', 80, 'Ngõ Mưa'),
];
const outboundStops = [
  stop('J8_J7', 80, 'Phố Chợ'),
  stop('J6_J5', 120, 'Phố Gió'),
  stop('J5_J4', 80, 'Hoa Gạo'),
  stop('J3_J2', 70, 'Phố Tre'),
  stop('J1_W0', 60, 'Vành Đai Lúa'),
];
const dwelling = (stops) => stops.map((s) => ({ ...s, dwellS: 20 }));

export const demand = {
  seed: 20260105,
  date: '2026-01-05',
  beginS: 6.5 * 3600,
  endS: 9.5 * 3600,
  mix: MIX,
  pcu: { motorcycle: 0.29, car: 1, truck: 2.44 },
  profiles: {
    inbound: [0.75, 0.9, 1, 1, 1, 0.95, 0.85, 0.75, 0.65, 0.6, 0.55, 0.5],
    outbound: [0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.9, 1, 1, 1, 0.95, 0.9],
    side: [0.7, 0.85, 1, 1, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6],
  },
  entries: {
    W0: { vehPerHour: 2300, profile: 'inbound' },
    E9: { vehPerHour: 1350, profile: 'outbound' },
    N1: { vehPerHour: 850, profile: 'side' },
    S1: { vehPerHour: 850, profile: 'side' },
    S2: { vehPerHour: 330, profile: 'side' },
    N3: { vehPerHour: 340, profile: 'side' },
    S3: { vehPerHour: 360, profile: 'side' },
    N4: { vehPerHour: 120, profile: 'side' },
    S4: { vehPerHour: 140, profile: 'side' },
    N5: { vehPerHour: 900, profile: 'side' },
    S5: { vehPerHour: 860, profile: 'side' },
    N6: { vehPerHour: 350, profile: 'side' },
    S6: { vehPerHour: 340, profile: 'side' },
    N7: { vehPerHour: 150, profile: 'side' },
    S7: { vehPerHour: 170, profile: 'side' },
    N8: { vehPerHour: 400, profile: 'side' },
    S8: { vehPerHour: 380, profile: 'side' },
  },
  /** Lessons begin at 07:00: for five minutes the parents leave the school's street at once. */
  bursts: [{ id: 'school', end: 'N4', beginS: 7 * 3600, durationS: 300, vehPerHour: 1100 }],
  turns: {
    default: {
      W: { L: 0.08, T: 0.84, R: 0.08 },
      E: { L: 0.08, T: 0.84, R: 0.08 },
      N: { L: 0.4, T: 0.3, R: 0.3 },
      S: { L: 0.3, T: 0.3, R: 0.4 },
    },
    J1: {
      W: { L: 0.12, T: 0.76, R: 0.12 },
      E: { L: 0.14, T: 0.7, R: 0.16 },
      N: { L: 0.32, T: 0.5, R: 0.18 },
      S: { L: 0.2, T: 0.48, R: 0.32 },
    },
    J2: { W: { T: 0.93, R: 0.07 }, E: { L: 0.08, T: 0.92 }, S: { L: 0.4, R: 0.6 } },
    J4: { W: { L: 0.05, T: 0.91, R: 0.04 }, E: { L: 0.03, T: 0.93, R: 0.04 }, N: { L: 0.5, T: 0.1, R: 0.4 } },
    J5: {
      W: { L: 0.14, T: 0.7, R: 0.16 },
      E: { L: 0.13, T: 0.72, R: 0.15 },
      N: { L: 0.28, T: 0.5, R: 0.22 },
      S: { L: 0.22, T: 0.5, R: 0.28 },
    },
    J7: { W: { L: 0.04, T: 0.92, R: 0.04 }, E: { L: 0.05, T: 0.91, R: 0.04 } },
    J8: { W: { L: 0.1, T: 0.78, R: 0.12 }, E: { L: 0.1, T: 0.8, R: 0.1 } },
  },
  walkersPerHour: { default: 60, J4: 120, J5: 100, J7: 40 },
  stops: [...inboundStops, ...outboundStops],
  lines: [
    { id: 'bus32_in', name: '32', title: 'Bus 32 inbound', edges: INBOUND, stops: dwelling(inboundStops), firstS: 60, headwayS: 360 },
    { id: 'bus32_out', name: '32', title: 'Bus 32 outbound', edges: OUTBOUND, stops: dwelling(outboundStops), firstS: 180, headwayS: 360 },
  ],
};
