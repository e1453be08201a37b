/**
 * Speeds of the two car-following models, in SUMO's discrete (Euler) form: a speed chosen now is kept for the whole step.
 * Sources: Krauß 1998; SUMO `MSCFModel`, `MSCFModel_KraussOrig1`; IDM: Treiber, Hennecke, Helbing 2000.
 */
export const KRAUSS = 0;
export const IDM = 1;

/** SUMO's NUMERICAL_EPS: a gap is taken this much shorter so that rounding never lets two vehicles touch, m. */
export const EPSILON_M = 0.001;

/** More than all rounding in these formulas, m. */
const ROUNDING_M = 0.01;

/** Way to a standstill from `speed`, braking once per step, m. */
export const brakeGap = (speed: number, decel: number, headwayS: number, dt: number): number => {
  const drop = decel * dt;
  const steps = Math.floor(speed / drop);
  return dt * (steps * speed - (drop * steps * (steps + 1)) / 2) + speed * headwayS;
};

/** Highest speed from which one can still stop within `gap` with reaction time `headwayS`. */
export const safeStopSpeed = (gap: number, decel: number, headwayS: number, dt: number): number => {
  const g = gap - EPSILON_M;
  if (g <= 0) return 0;
  const b = decel * dt;
  const root = Math.sqrt(dt * dt + 4 * (dt * ((2 * g) / b - headwayS) + headwayS * headwayS));
  const steps = Math.max(0, Math.floor(0.5 - (headwayS - root * 0.5) / dt));
  const way = 0.5 * steps * (steps - 1) * b * dt + steps * b * headwayS;
  return steps * b + (g - way) / (steps * dt + headwayS);
};

/** Krauß: highest speed that never hits a leader who may brake with `leaderDecel`. */
export const safeFollowSpeed = (gap: number, decel: number, tauS: number, leaderSpeed: number, leaderDecel: number, dt: number): number =>
  gap < 0 ? 0 : safeStopSpeed(leaderSpeed === 0 ? gap : gap + brakeGap(leaderSpeed, Math.max(decel, leaderDecel), 0, dt), decel, tauS, dt);

/**
 * Is `gap` surely enough for `safeFollowSpeed` of at least `top`? Cheaper to find out than that speed: with v = (n + f) b dt the way to a standstill is
 * v²/2b − v dt/2 + b dt² (f − f²)/2, whose last term lies between 0 and b dt²/8.
 */
export const followsFreely = (
  gap: number,
  top: number,
  decel: number,
  tauS: number,
  leaderSpeed: number,
  leaderDecel: number,
  dt: number,
): boolean => {
  const leaderWay = leaderSpeed * ((0.5 * leaderSpeed) / Math.max(decel, leaderDecel) - 0.5 * dt);
  return gap >= 0 && gap + Math.max(0, leaderWay) >= top * ((0.5 * top) / decel - 0.5 * dt + tauS) + 0.125 * decel * dt * dt + ROUNDING_M;
};

/** IDM, integrated in quarter steps because one whole second is too coarse for it (SUMO does the same with `stepping`). */
export const idmSpeed = (
  gap: number,
  speed: number,
  desired: number,
  leaderSpeed: number,
  accel: number,
  decel: number,
  tauS: number,
  minGap: number,
  dt: number,
): number => {
  const h = dt / 4;
  const twoRoot = 2 * Math.sqrt(accel * decel);
  let v = speed;
  let g = gap;
  for (let i = 0; i < 4; i++) {
    const wished = minGap + Math.max(0, v * tauS + (v * (v - leaderSpeed)) / twoRoot);
    const ratio = v / Math.max(desired, 0.1);
    const s = wished / Math.max(g + minGap, 0.01);
    v = Math.max(0, v + h * accel * (1 - ratio * ratio * ratio * ratio - s * s));
    g -= Math.max(0, h * (v - leaderSpeed));
  }
  return v;
};

/** Highest speed now from which `target` can be reached in `distance` by normal braking (SUMO `freeSpeed`, Euler). */
export const freeSpeed = (distance: number, target: number, decel: number, dt: number): number => {
  const v = target * dt;
  if (distance < v) return target;
  const b = decel * dt * dt;
  const root = b + 2 * v;
  const y = Math.max(0, ((Math.sqrt(root * root + 8 * b * distance) - b) * 0.5 - v) / b);
  const whole = Math.floor(y);
  const exact = (whole * whole + whole) * 0.5 * b + whole * v + (y > whole ? v : 0);
  return (Math.max(0, distance - exact) / (whole + 1) + whole * b) / dt + target;
};

/** Shortest time over `distance` from `speed`, changing to `arrivalSpeed` (SUMO `getMinimalArrivalTime`), s. */
export const arrivalTime = (distance: number, speed: number, arrivalSpeed: number, accel: number, decel: number): number => {
  if (distance <= 0) return 0;
  const a = arrivalSpeed >= speed ? accel : -decel;
  const accelTime = (arrivalSpeed - speed) / a;
  const accelWay = accelTime * (arrivalSpeed + speed) * 0.5;
  if (distance >= accelWay) return accelTime + (distance - accelWay) / Math.max(speed, arrivalSpeed, 0.1);
  return (-speed + Math.sqrt(Math.max(0, speed * speed + 2 * a * distance))) / a;
};

/** Speed after `distance` at full acceleration. */
export const speedAfter = (distance: number, speed: number, accel: number): number =>
  Math.sqrt(Math.max(0, speed * speed + 2 * distance * accel));

/** Gap a follower needs so that nobody has to brake hard (SUMO `getSecureGap`). */
export const secureGap = (speed: number, decel: number, tauS: number, leaderSpeed: number, leaderDecel: number, dt: number): number =>
  Math.max(0, brakeGap(speed, decel, tauS, dt) - brakeGap(leaderSpeed, Math.max(decel, leaderDecel), 0, dt));
