// One junction of two streets in the south of Hanoi, at a real place with invented streets. Small enough to follow every vehicle.
const main = { name: 'Đường Lúa Vàng', speedKmh: 50, highway: 'secondary', lanes: ['TR', 'T', 'L'], exitLanes: 2, crossing: 'single' };
const side = { name: 'Phố Cò Trắng', speedKmh: 40, highway: 'tertiary', lanes: ['TR', 'L'], exitLanes: 2, crossing: 'single' };

export const streets = {
  title: 'One junction of two streets, Hanoi',
  origin: { lon: 105.8412, lat: 20.9806, bearingDeg: 80 },
  junctions: [
    {
      id: 'A',
      name: 'Lúa Vàng – Cò Trắng',
      at: [0, 0],
      arms: {
        W: { ...main, node: 'W' },
        E: { ...main, node: 'E' },
        N: { ...side, node: 'N' },
        S: { ...side, node: 'S' },
      },
      countdown: { green: 'none', red: 'none', tailS: 0 },
      stages: {
        main: 'WT WR ET ER PN PS',
        side: 'NT NR NL ST SR SL PW PE',
        mainLefts: 'WL EL',
      },
    },
  ],
  ends: [
    { id: 'W', at: [-300, 0] },
    { id: 'E', at: [300, 0] },
    { id: 'N', at: [0, 250] },
    { id: 'S', at: [0, -250] },
  ],
};
