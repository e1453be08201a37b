/** Indiana/Purdue enumerations of preemption and priority; the parameter is the position + 1 of the group that is served. The controller itself tells 102 and 104. */
export const PRIORITY_EVENT = {
  preemptAdvanceWarning: 101,
  preemptEntry: 105,
  preemptTrackClearance: 106,
  preemptDwell: 107,
  preemptMaxPresence: 110,
  preemptExit: 111,
  checkIn: 112,
  earlyGreen: 113,
  extendGreen: 114,
  checkOut: 115,
  serviceStart: 118,
  serviceEnd: 119,
} as const;
