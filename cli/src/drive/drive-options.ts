import type { CountdownKind } from '@songxanh/core';

export type ControlMethod = 'adaptive' | 'fixed' | 'max-pressure' | 'actuated';

export interface DriveOptions {
  readonly host: string;
  readonly port: number;
  readonly net: string;
  /** SUMO second at which driving ends. */
  readonly endS: number;
  readonly timing: 'fine' | 'grid';
  /** Seconds between two decisions of the grid. */
  readonly gridStepS: number;
  /** Replace what the network's programs show. */
  readonly yellowS?: number;
  readonly minGreenS?: number;
  /** Cap on every vehicle group's red; what the site says where absent. */
  readonly maxRedS?: number;
  readonly sensing: 'vehicles' | 'detectors';
  readonly detectors?: string;
  readonly control: ControlMethod;
  readonly countdown: CountdownKind;
}
