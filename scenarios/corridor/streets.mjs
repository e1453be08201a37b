// An arterial as there are many in the west of Hanoi, drawn at a real place with invented streets. x runs inbound (to the centre), y to the left.
const arterial = { name: 'Đường Sóng Xanh', speedKmh: 50, highway: 'primary' };
const major = { speedKmh: 40, highway: 'secondary', exitLanes: 2 };
const medium = { speedKmh: 40, highway: 'tertiary', exitLanes: 2 };
const minor = { speedKmh: 30, highway: 'residential', exitLanes: 1, laneWidthM: 3.5 };

const TURN_LANE = ['TR', 'T', 'L'];
const both = (arm) => ({ ...arm, crossing: 'single' });

export const streets = {
  title: 'Đường Sóng Xanh: eight junctions of an urban arterial, Hanoi',
  origin: { lon: 105.7805, lat: 21.0132, bearingDeg: 62 },
  junctions: [
    {
      id: 'J1',
      name: 'Sóng Xanh – Vành Đai Lúa',
      at: [0, 0],
      arms: {
        W: both({ ...arterial, node: 'W0', lanes: TURN_LANE }),
        E: both({ ...arterial, node: 'J2', lanes: TURN_LANE }),
        N: both({ ...major, name: 'Đường Vành Đai Lúa', node: 'N1', lanes: TURN_LANE }),
        S: both({ ...major, name: 'Đường Vành Đai Lúa', node: 'S1', lanes: TURN_LANE }),
      },
      stageOrder: 'free',
      countdown: { green: 'full', red: 'tail', tailS: 9 },
      stages: {
        arterial: 'WT WR ET ER PN PS',
        sideLefts: 'NL SL',
        side: 'NT NR ST SR PW PE',
        arterialLefts: 'WL EL',
      },
    },
    {
      id: 'J2',
      name: 'Sóng Xanh – Phố Cau (ngã ba)',
      at: [320, 0],
      arms: {
        W: { ...arterial, node: 'J1', lanes: ['TR', 'T', 'T'] },
        E: both({ ...arterial, node: 'J3', lanes: ['T', 'T', 'L'] }),
        S: both({ ...medium, name: 'Phố Cau', node: 'S2', lanes: ['R', 'L'] }),
      },
      countdown: { green: 'full', red: 'full', tailS: 0 },
      stages: {
        arterial: 'WT WR ET PS',
        left: 'ET EL SR',
        side: 'SL SR PE',
      },
    },
    {
      id: 'J3',
      name: 'Sóng Xanh – Phố Tre',
      at: [610, 0],
      arms: {
        W: both({ ...arterial, node: 'J2', lanes: TURN_LANE }),
        E: { ...arterial, node: 'J4', lanes: TURN_LANE },
        N: both({ ...medium, name: 'Phố Tre', node: 'N3', lanes: ['TR', 'L'] }),
        S: both({ ...medium, name: 'Phố Tre', node: 'S3', lanes: ['TR', 'L'] }),
      },
      countdown: { green: 'tail', red: 'full', tailS: 9 },
      stages: {
        arterial: 'WT WR ET ER PN PS',
        side: 'NT NR NL ST SR SL PW',
        arterialLefts: 'WL EL',
      },
    },
    {
      id: 'J4',
      name: 'Sóng Xanh – Ngõ Trường Học',
      at: [960, 0],
      arms: {
        W: both({ ...arterial, node: 'J3', lanes: TURN_LANE }),
        E: { ...arterial, node: 'J5', lanes: TURN_LANE, medianM: 3 },
        N: both({ ...minor, name: 'Ngõ Trường Học', node: 'N4', lanes: ['TR', 'L'] }),
        S: both({ ...minor, name: 'Ngõ Ao Sen', node: 'S4', lanes: ['TRL'] }),
      },
      stageOrder: 'free',
      countdown: { green: 'none', red: 'none', tailS: 0 },
      stages: {
        inboundLead: 'WT WR WL',
        arterial: 'WT WR WL ET ER EL PN PS',
        side: 'NT NR NL ST SR SL PW',
      },
    },
    {
      id: 'J5',
      name: 'Sóng Xanh – Đại lộ Hoa Gạo',
      at: [1330, 0],
      arms: {
        W: { ...arterial, node: 'J4', lanes: TURN_LANE, medianM: 3, crossing: 'two-stage' },
        E: both({ ...arterial, node: 'J6', lanes: TURN_LANE }),
        N: both({ ...major, name: 'Đại lộ Hoa Gạo', node: 'N5', lanes: TURN_LANE }),
        S: both({ ...major, name: 'Đại lộ Hoa Gạo', node: 'S5', lanes: TURN_LANE }),
      },
      stageOrder: 'free',
      countdown: { green: 'tail', red: 'tail', tailS: 9 },
      // The refuge lets each half walk while its own carriageway is clear: the inbound half with the side lefts, the outbound half with the arterial's.
      stages: {
        arterial: 'WT WR ET ER PN PS',
        sideLefts: 'NL SL PWa',
        side: 'NT NR ST SR PWa PWb PE',
        arterialLefts: 'WL EL PWb',
      },
    },
    {
      id: 'J6',
      name: 'Sóng Xanh – Phố Gió',
      at: [1770, 0],
      arms: {
        W: both({ ...arterial, node: 'J5', lanes: TURN_LANE }),
        E: { ...arterial, node: 'J7', lanes: TURN_LANE },
        N: both({ ...medium, name: 'Phố Gió', node: 'N6', lanes: ['TR', 'TL'] }),
        S: both({ ...medium, name: 'Phố Gió', node: 'S6', lanes: ['TR', 'TL'] }),
      },
      stageOrder: 'free',
      countdown: { green: 'tail', red: 'tail', tailS: 9 },
      stages: {
        arterial: 'WT WR ET ER PN PS',
        north: 'NT NR NL PW',
        south: 'ST SR SL',
        arterialLefts: 'WL EL',
      },
    },
    {
      id: 'J7',
      name: 'Sóng Xanh – Ngõ Mưa',
      at: [2050, 0],
      arms: {
        W: { ...arterial, node: 'J6', lanes: TURN_LANE },
        E: both({ ...arterial, node: 'J8', lanes: TURN_LANE }),
        N: both({ ...minor, name: 'Ngõ Mưa', node: 'N7', lanes: ['TRL'] }),
        S: both({ ...minor, name: 'Ngõ Nắng', node: 'S7', lanes: ['TRL'] }),
      },
      countdown: { green: 'full', red: 'full', tailS: 0 },
      stages: {
        arterial: 'WT WR WL ET ER EL PN PS',
        side: 'NT NR NL ST SR SL PE',
        arterialLefts: 'WL EL',
      },
    },
    {
      id: 'J8',
      name: 'Sóng Xanh – Phố Chợ',
      at: [2380, 0],
      arms: {
        W: both({ ...arterial, node: 'J7', lanes: TURN_LANE }),
        E: both({ ...arterial, node: 'E9', lanes: TURN_LANE }),
        N: both({ ...medium, name: 'Phố Chợ', node: 'N8', lanes: ['TR', 'L'] }),
        S: both({ ...medium, name: 'Phố Chợ', node: 'S8', lanes: ['TR', 'L'] }),
      },
      stageOrder: 'free',
      countdown: { green: 'none', red: 'none', tailS: 0 },
      stages: {
        inboundLead: 'WT WR WL',
        arterial: 'WT WR WL ET ER EL PN PS',
        side: 'NT NR NL ST SR SL PW PE',
      },
    },
  ],
  ends: [
    { id: 'W0', at: [-400, 0] },
    { id: 'E9', at: [2750, 0] },
    { id: 'N1', at: [0, 300] },
    { id: 'S1', at: [0, -300] },
    { id: 'S2', at: [320, -260] },
    { id: 'N3', at: [610, 280] },
    { id: 'S3', at: [610, -270] },
    { id: 'N4', at: [960, 230] },
    { id: 'S4', at: [960, -220] },
    { id: 'N5', at: [1330, 320] },
    { id: 'S5', at: [1330, -300] },
    { id: 'N6', at: [1770, 280] },
    { id: 'S6', at: [1770, -280] },
    { id: 'N7', at: [2050, 230] },
    { id: 'S7', at: [2050, -230] },
    { id: 'N8', at: [2380, 280] },
    { id: 'S8', at: [2380, -280] },
  ],
};
