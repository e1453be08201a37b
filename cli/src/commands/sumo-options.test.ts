import { refuseUnknownOptions } from './sumo-options.ts';

const config = (option: string): string =>
  `<configuration>\n  <!-- <scale value="2"/> -->\n  <processing>\n    ${option}\n  </processing>\n</configuration>`;

describe('the options of a .sumocfg', () => {
  it.each(['<step-length value="0.5"/>', '<time-to-teleport value="-1"/>', '<collision.action value="warn"/>', '<end v="3600"/>'])(
    'are taken where the engine has them: %s',
    (option) => {
      expect(() => {
        refuseUnknownOptions('x.sumocfg', config(option));
      }).not.toThrow();
    },
  );

  it.each([
    ['<fcd-output value="x.xml"/>', "x.sumocfg:4: <fcd-output>: this engine does not have SUMO's option"],
    ['<scale value="2"/>', "x.sumocfg:4: <scale>: this engine does not have SUMO's option"],
    ['<time-to-teleport value="300"/>', 'x.sumocfg:4: <time-to-teleport>: "300": expected -1: nobody is teleported here'],
    [
      '<collision.action value="teleport"/>',
      'x.sumocfg:4: <collision.action>: "teleport": expected "none" or "warn": vehicles never overlap here',
    ],
    [
      '<default.carfollowmodel value="IDM"/>',
      'x.sumocfg:4: <default.carfollowmodel>: "IDM": expected "Krauss": other models belong into a vType',
    ],
  ])('are refused by name and line where it does not: %s', (option, message) => {
    expect(() => {
      refuseUnknownOptions('x.sumocfg', config(option));
    }).toThrow(message);
  });
});
