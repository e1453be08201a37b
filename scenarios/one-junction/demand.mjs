// A weekday morning hour, 07:00–08:00, with its peak in the middle.
export const demand = {
  seed: 7,
  date: '2026-01-05',
  beginS: 7 * 3600,
  endS: 8 * 3600,
  mix: { motorcycle: 0.8, car: 0.185, truck: 0.015 },
  pcu: { motorcycle: 0.29, car: 1, truck: 2.44 },
  profiles: { peak: [0.8, 1, 1, 0.8] },
  entries: {
    W: { vehPerHour: 1500, profile: 'peak' },
    E: { vehPerHour: 1100, profile: 'peak' },
    N: { vehPerHour: 650, profile: 'peak' },
    S: { vehPerHour: 600, profile: 'peak' },
  },
  turns: {
    default: {
      W: { L: 0.08, T: 0.8, R: 0.12 },
      E: { L: 0.08, T: 0.8, R: 0.12 },
      N: { L: 0.2, T: 0.55, R: 0.25 },
      S: { L: 0.2, T: 0.55, R: 0.25 },
    },
  },
  walkersPerHour: { default: 90 },
};
