import { type EnvironmentFact } from './environment-fact';

/** What a fact means, as a sentence without its full stop: "prod runs 1.4.0". @param environment it comes from */
export function factMeaning({ kind, version }: EnvironmentFact, environment: string): string {
  switch (kind) {
    case 'deployed':
      return `${environment} runs ${version}`;
    case 'rolled-back':
      return `${environment} went back to ${version}`;
    case 'tests-failed':
      return `the Helm tests of ${version} failed in ${environment}`;
    case 'tests-passed':
      return `the Helm tests of ${version} passed in ${environment}`;
  }
}
