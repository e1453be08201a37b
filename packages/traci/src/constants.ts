/**
 * The numbers of the TraCI protocol this client speaks (SUMO's src/libsumo/TraCIConstants.h, API 20 and newer;
 * https://sumo.dlr.de/docs/TraCI.html). Variables not listed here can be used by number.
 */

export const COMMAND = {
  getVersion: 0x00,
  simStep: 0x02,
  setOrder: 0x03,
  close: 0x7f,
} as const;

/** The `get` command of a domain; the others follow from it: set +0x20, subscribe +0x30, subscribe context −0x20, answers +0x10. */
export const DOMAIN = {
  inductionLoop: 0xa0,
  trafficLight: 0xa2,
  lane: 0xa3,
  vehicle: 0xa4,
  junction: 0xa9,
  edge: 0xaa,
  simulation: 0xab,
  laneArea: 0xad,
  person: 0xae,
} as const;

export const TYPE = {
  position2d: 0x01,
  position3d: 0x03,
  polygon: 0x06,
  ubyte: 0x07,
  byte: 0x08,
  integer: 0x09,
  double: 0x0b,
  string: 0x0c,
  stringList: 0x0e,
  compound: 0x0f,
  doubleList: 0x10,
  color: 0x11,
} as const;

export const VARIABLE = {
  idList: 0x00,
  idCount: 0x01,

  lastStepVehicleNumber: 0x10,
  lastStepMeanSpeed: 0x11,
  lastStepVehicleIds: 0x12,
  lastStepOccupancy: 0x13,
  lastStepHaltingNumber: 0x14,
  lastStepVehicleData: 0x17,
  jamLengthVehicles: 0x18,
  jamLengthMeters: 0x19,

  tlState: 0x20,
  tlPhaseIndex: 0x22,
  tlProgram: 0x23,
  tlPhaseDuration: 0x24,
  tlControlledLanes: 0x26,
  tlControlledLinks: 0x27,
  tlCurrentPhase: 0x28,
  tlCurrentProgram: 0x29,
  tlNextSwitch: 0x2d,

  speed: 0x40,
  maxSpeed: 0x41,
  position: 0x42,
  angle: 0x43,
  length: 0x44,
  vehicleClass: 0x49,
  width: 0x4d,
  shape: 0x4e,
  type: 0x4f,
  roadId: 0x50,
  laneId: 0x51,
  laneIndex: 0x52,
  edges: 0x54,
  lanePosition: 0x56,
  waitingTime: 0x7a,
  timeLoss: 0x8c,
  personNumber: 0x67,
  nextTls: 0x70,
  nextEdge: 0xc1,
  line: 0xbd,

  time: 0x66,
  deltaT: 0x7b,
  departedIds: 0x74,
  arrivedIds: 0x7a,
  minExpected: 0x7d,
  departedPersonIds: 0x25,
} as const;
