// The week of an ordinary Vietnamese junction: peaks on workdays, night flash from 23:00 to 05:00.
const WORKDAYS = [1, 2, 3, 4, 5, 6];
const EVERY_DAY = [0, ...WORKDAYS];

export const weekOf = ({ peak, offPeak, evening }) => [
  { days: EVERY_DAY, from: '00:00', plan: 'night-flash' },
  { days: EVERY_DAY, from: '05:00', plan: offPeak },
  { days: WORKDAYS, from: '06:30', plan: peak },
  { days: WORKDAYS, from: '08:30', plan: offPeak },
  { days: WORKDAYS, from: '16:30', plan: evening },
  { days: WORKDAYS, from: '19:00', plan: offPeak },
  { days: EVERY_DAY, from: '23:00', plan: 'night-flash' },
];
