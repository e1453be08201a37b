/** What one run of one simulator took and did. */
export interface MeasuredRun {
  readonly vehicleSeconds: number;
  readonly arrived: number;
  readonly meanDurationS: number;
  /** Processor time of the steps alone, without loading. */
  readonly cpuS: number;
  /** Largest resident set of the whole process. */
  readonly memoryMb: number;
}
