import { OpenParts } from '../../../src/program/lifetime/open-parts';

const part = (name: string, closed: string[], fault?: Error) => ({
  close: () => {
    closed.push(name);
    return fault ? Promise.reject(fault) : Promise.resolve();
  },
});

it('closes the last first, so that Temporal outlives its worker', async () => {
  const closed: string[] = [];
  const parts = new OpenParts();
  for (const name of ['temporal', 'worker', 'api']) await parts.add(part(name, closed));
  await parts.close();
  expect(closed).toEqual(['api', 'worker', 'temporal']);
});

it('closes all of them although one fails, and tells of the failure', async () => {
  const closed: string[] = [];
  const fault = new Error('stuck');
  const parts = new OpenParts();
  await parts.add(part('temporal', closed));
  await parts.add(part('worker', closed, fault));
  await expect(parts.close()).rejects.toMatchObject({ errors: [fault] });
  expect(closed).toEqual(['worker', 'temporal']);
});

it('closes a part at once that comes when everything is closed', async () => {
  const closed: string[] = [];
  const parts = new OpenParts();
  await parts.close();
  await parts.add(part('late', closed));
  expect(closed).toEqual(['late']);
});
