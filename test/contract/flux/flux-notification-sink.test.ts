import { type FailureCode, WindlassError } from '../../../src/domain/errors';
import { createFluxEventSink } from '../../../src/flux/flux-notification-sink';
import { type Notification } from '../../../src/flux/notification-sink';
import { createOutbound } from '../../../src/http/outbound/create-outbound';
import {
  type FakeNotificationController,
  startFakeNotificationController,
} from '../../support/fake-notification-controller';

const notification: Notification = {
  pipeline: { namespace: 'pipelines', name: 'my-app' },
  environment: 'staging',
  version: '1.2.4',
  at: Date.parse('2026-11-23T07:59:37Z'),
};

let controller: FakeNotificationController;
beforeEach(async () => {
  controller = await startFakeNotificationController();
});
afterEach(() => controller.close());

const sinkTo = (address: string | undefined) =>
  createFluxEventSink({
    address,
    outbound: (allowedHosts) => createOutbound({ allowedHosts, allowPlainHttp: false }),
  });
const send = (change: Partial<Notification> = {}, signal = new AbortController().signal) =>
  sinkTo(controller.address).send({ ...notification, ...change }, signal);

const failure = async (sending: Promise<void>): Promise<WindlassError> => {
  const error = await sending.catch((reason: unknown) => reason);
  if (error instanceof WindlassError) return error;
  throw new Error('The notification did not fail as a WindlassError.', { cause: error });
};

describe('a promotion by notification', () => {
  it('arrives as a Flux event about the Pipeline', async () => {
    await send();
    expect(controller.events).toEqual([
      {
        involvedObject: {
          kind: 'Pipeline',
          namespace: 'pipelines',
          name: 'my-app',
          apiVersion: 'pipelines.weave.works/v1alpha1',
        },
        severity: 'info',
        timestamp: '2026-11-23T07:59:37Z',
        message: 'Promote pipeline pipelines/my-app to staging with version 1.2.4',
        reason: 'Promote',
        metadata: {
          'pipelines.weave.works/environment': 'staging',
          'pipelines.weave.works/version': '1.2.4',
        },
        reportingController: 'windlass',
      },
    ]);
  });

  it('has succeeded when the controller had it before', async () => {
    await send();
    await send();
    expect(controller.requests).toBe(2);
    expect(controller.events).toHaveLength(1);
  });

  it('is another one for another version or environment', async () => {
    await send();
    await send({ version: '1.2.5' });
    await send({ environment: 'prod' });
    expect(controller.events).toHaveLength(3);
  });

  it.each([200, 202, 204])('has succeeded on %i', async (status) => {
    controller.answerNext({ status });
    await expect(send()).resolves.toBeUndefined();
  });

  it.each<[number, FailureCode, boolean]>([
    [400, 'request-refused', false],
    [413, 'request-refused', false],
    [422, 'request-refused', false],
    [404, 'notification-failed', true],
    [500, 'notification-failed', true],
    [503, 'notification-failed', true],
  ])('answered with %i is %s', async (status, code, retryable) => {
    controller.answerNext({ status, body: 'because\u001b[31m\r\nof this\n' });
    const error = await failure(send());
    expect(error).toMatchObject({ code, retryable });
    expect(error.message).toContain(` answered ${status}: because [31m of this. `);
  });

  it("waits for a rate limit that is not the controller's own", async () => {
    controller.answerNext({ status: 429, headers: { 'retry-after': '7' } });
    expect(await failure(send())).toMatchObject({ code: 'rate-limited', retryAfterMs: 7_000 });
    controller.answerNext({ status: 429 });
    expect(await failure(send())).toMatchObject({ code: 'rate-limited', retryAfterMs: undefined });
    expect(controller.events).toEqual([]);
  });

  it('takes a date to come back for a duplicate on 429 only', async () => {
    controller.answerNext({ status: 503, headers: { 'retry-after': 'Mon, 23 Nov 2026 08:00:00 GMT' } });
    expect(await failure(send())).toMatchObject({ code: 'notification-failed' });
  });

  it('quotes no more of an answer than a sentence holds', async () => {
    controller.answerNext({ status: 500, body: 'x'.repeat(100_000) });
    expect((await failure(send())).message.length).toBeLessThan(500);
  });

  it('is a network failure when nobody listens', async () => {
    await controller.close();
    expect(await failure(send())).toMatchObject({ code: 'network', retryable: true });
  });

  it('stops when its promotion is cancelled', async () => {
    const reason = new Error('cancelled');
    await expect(send({}, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(controller.events).toEqual([]);
  });

  it('says so when there is no address to send it to', async () => {
    const error = await failure(sinkTo(undefined).send(notification, new AbortController().signal));
    expect(error).toMatchObject({ code: 'events-address-missing', retryable: false });
    expect(error.message).toContain('--events-addr');
  });
});
