import { laneStateQuery, reconsiderSignal, retrySignal } from '../../src/workflows/contract/messages';
import { eventually } from '../support/eventually';
import { type World } from './world';

/** A state in which an upgrade may find a lane and its promotions. */
export interface OpenState {
  /** Also its pipeline's name, and its folder's among a build's histories. */
  readonly name: string;
  /** Brings the workflows there: the code of an old build runs them. */
  reach(world: World): Promise<unknown>;
  /** Brings them to their end, an idle lane: today's code runs them. */
  finish(world: World): Promise<unknown>;
  /** How its promotions have ended then, newest first. */
  readonly outcomes: readonly string[];
}

const held = async (world: World): Promise<void> => {
  world.gates = { manual: true };
  await world.report(1);
  await world.shows(1, 'waiting-for-approval');
};

/** A state that the promotion of 1.1.0 shows while `trouble` lasts; it ends with its pull request. */
const troubled = (
  name: string,
  state: string,
  trouble: Partial<Pick<World, 'gates' | 'fault' | 'storeFault'>>,
): OpenState => ({
  name,
  async reach(world) {
    Object.assign(world, trouble);
    await world.report(1);
    await world.shows(1, state);
  },
  async finish(world) {
    Object.assign(world, { gates: { manual: false }, fault: undefined, storeFault: undefined });
    await world.idle(1);
  },
  outcomes: ['1.1.0 pull-request'],
});

const openStates: readonly OpenState[] = [
  {
    name: 'idle-lane',
    async reach(world) {
      await world.report(1);
      await world.idle(1);
    },
    async finish(world) {
      await world.report(2);
      await world.idle(2);
    },
    outcomes: ['1.2.0 pull-request', '1.1.0 pull-request'],
  },
  {
    name: 'idle-lane-after-a-failure',
    async reach(world) {
      world.fault = 'no-marker';
      await world.report(1);
      await world.idle(1);
    },
    async finish(world) {
      world.fault = undefined;
      await world.lane.signal(retrySignal);
      await world.idle(2);
    },
    outcomes: ['1.1.0 pull-request', '1.1.0 failed'],
  },
  {
    name: 'held-for-approval',
    reach: held,
    async finish(world) {
      await world.approve(1);
      await world.idle(1);
    },
    outcomes: ['1.1.0 pull-request'],
  },
  {
    name: 'held-then-superseded',
    reach: held,
    async finish(world) {
      await world.report(2);
      await world.shows(2, 'waiting-for-approval');
      await world.approve(2);
      await world.idle(2);
    },
    outcomes: ['1.2.0 pull-request', '1.1.0 superseded'],
  },
  {
    name: 'held-and-adopted-by-another-lane',
    async reach(world) {
      await held(world);
      // Visibility is seconds late, and a fresh lane reads it once.
      await eventually(async () => {
        const running = `WorkflowType = 'promotion' AND WorkflowId = '${world.promotion(1).workflowId}'`;
        return (await world.client.workflow.count(running)).count === 1;
      });
      await world.lane.terminate();
      await world.report(1);
      await eventually(async () => {
        const { inHand } = await world.lane.query(laneStateQuery);
        return inHand?.version === '1.1.0';
      });
    },
    async finish(world) {
      await world.approve(1);
      await world.idle(1);
    },
    outcomes: ['1.1.0 pull-request'],
  },
  {
    name: 'suspended',
    async reach(world) {
      world.gates = { manual: false, suspended: true };
      await world.report(1);
      await world.shows(1, 'suspended');
    },
    async finish(world) {
      world.gates = { manual: false };
      await world.promotion(1).signal(reconsiderSignal);
      await world.idle(1);
    },
    outcomes: ['1.1.0 pull-request'],
  },
  {
    name: 'suspended-then-held',
    async reach(world) {
      world.gates = { manual: true, suspended: true };
      await world.report(1);
      await world.shows(1, 'suspended');
    },
    async finish(world) {
      world.gates = { manual: true };
      await world.promotion(1).signal(reconsiderSignal);
      await world.shows(1, 'waiting-for-approval');
      await world.approve(1);
      await world.idle(1);
    },
    outcomes: ['1.1.0 pull-request'],
  },
  troubled('suspended-and-not-told-of-the-end', 'suspended', { gates: { manual: false, suspended: true } }),
  troubled('between-attempts', 'retrying', { fault: 'network' }),
  troubled('waiting-for-a-rate-limit', 'retrying', { fault: 'rate-limited' }),
  troubled('store-away', 'resolving', { storeFault: 'store-unavailable' }),
];

/** Every recorded build, with the states in which an upgrade may find its workflows. */
export const builds: Readonly<Record<string, readonly OpenState[]>> = {
  '0.1.0-79a0093': openStates,
};
