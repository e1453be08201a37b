/**
 * Own CPU per step for 1,200 subscribed lanes with 3 variables each (vehicle number, mean speed, halting number), all values read.
 * Run: npx tsx --conditions=source bench/src/subscribed-lanes.ts [steps]
 */
import { connect, VARIABLE } from '@songxanh/traci';
import { buildSmallScenario, startSmallSumo } from '@songxanh/traci/testing/small-sumo';

const steps = Number(process.argv[2] ?? 1000);
const LANES = 1200;
const VARIABLES = [VARIABLE.lastStepVehicleNumber, VARIABLE.lastStepMeanSpeed, VARIABLE.lastStepHaltingNumber];

const scenario = buildSmallScenario(10, 3);
const sumo = await startSmallSumo(scenario);
try {
  const client = await connect({ port: sumo.port });
  const { software } = await client.getVersion();
  const lanes = (await client.lane.listIds()).filter((id) => !id.startsWith(':')).slice(0, LANES);
  const values = await Promise.all(lanes.map((id) => client.lane.subscribe(id, VARIABLES)));
  let seen = 0;
  const run = async (count: number): Promise<void> => {
    for (let step = 0; step < count; step++) {
      await client.simStep();
      for (const lane of values) for (let i = 0; i < VARIABLES.length; i++) seen += lane.number(i);
    }
  };
  await run(200);
  const cpuBefore = process.cpuUsage();
  const wallBefore = performance.now();
  await run(steps);
  const cpu = process.cpuUsage(cpuBefore);
  const cpuMs = (cpu.user + cpu.system) / 1000 / steps;
  const wallMs = (performance.now() - wallBefore) / steps;
  console.log(`${software}: ${values.length} lanes × ${VARIABLES.length} variables, ${steps} steps`);
  console.log(
    `own CPU ${cpuMs.toFixed(2)} ms/step (target ≤ 1.5), wall ${wallMs.toFixed(2)} ms/step including SUMO (checksum ${Math.round(seen)})`,
  );
  await client.close();
} finally {
  sumo.stop();
  scenario.remove();
}
