import { DemoFailure } from './demo-failure';
import { fleet } from './demo-fleet';
import { betweenPolls, laneSentence, type PromotionRun } from './promotion-run';
import { type GatesStatus } from './services/demo-service';
import { type TourOptions } from './tour-options';

/** The limit for steps that need no user. */
const stepLimitMs = 90_000;

/** Waits for something that needs no user. @throws DemoFailure after the time limit */
export async function soon<T>({ terminal, log }: TourOptions, label: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const message = `This did not happen within ${stepLimitMs / 1_000} s: ${label}.`;
      reject(new DemoFailure(`${message} Windlass's last log lines:`, log()));
    }, stepLimitMs).unref();
  });
  try {
    return await terminal.waiting(label, Promise.race([work, limit]));
  } finally {
    clearTimeout(timer);
  }
}

/** @throws DemoFailure if the promotion ends before */
export async function unlessEnded<T>({ to, version, ended }: PromotionRun, work: Promise<T>): Promise<T> {
  const early = ended.then((state) => {
    throw new DemoFailure(`The promotion of ${version} into ${to} ended as ${state}. Start the demo again.`);
  });
  return Promise.race([work, early]);
}

/** Waits until the check of a pull request's head has this state. */
export async function gatesCheck(
  { service }: TourOptions,
  number: number,
  state: 'pending' | 'success',
): Promise<GatesStatus> {
  return poll(async () => {
    const all = await service.pullRequests(fleet.repository);
    const head = all.find((each) => each.number === number)?.headSha;
    const status = head === undefined ? undefined : await service.gatesStatus(fleet.repository, head);
    return status?.state === state ? status : undefined;
  });
}

/** Waits until the lane into an environment says this. */
export async function laneSays(
  { temporal }: TourOptions,
  environment: string,
  sentence: string,
): Promise<void> {
  await poll(async () => ((await laneSentence(temporal, environment)) === sentence ? sentence : undefined));
}

async function poll<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await betweenPolls();
  }
}
