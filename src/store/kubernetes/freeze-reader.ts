import { isDeepStrictEqual } from 'node:util';
import { type KubeConfig } from '@kubernetes/client-node';
import { type Logger } from 'pino';
import { WindlassError } from '../../domain/errors';
import { type Freeze } from '../../domain/freezes/freeze';
import { type FreezeChange } from '../../domain/freezes/freeze-change';
import { pipelineGroup } from '../../domain/kubernetes-names';
import { type ApiObject } from '../../kubernetes/api-answers';
import { type ApiRefusal } from '../../kubernetes/api-failure';
import { Informer } from '../../kubernetes/informer';
import { isServed } from '../../kubernetes/served-resources';
import { formatPath } from '../../resources/faults';
import { invalidFreeze, readFreezeManifest } from '../../resources/freeze-schema';
import { isRecord } from '../../resources/object-schema';
import { pipelineApiVersion } from '../../resources/pipeline-schema';

const onlyAtHome =
  "has an effect in Windlass's own namespace only: it holds the Pipelines of its own namespace";

const plural = 'freezes';
const resource = `${plural}.${pipelineGroup}`;
/** So soon after the CustomResourceDefinition was installed, a missing permission holds promotions. */
const discoveredForMs = 10_000;
const discoveryLimitMs = 2_000;

export interface FreezeReaderOptions {
  readonly kubeConfig: KubeConfig;
  /** Empty: the whole cluster. */
  readonly watchNamespaces: readonly string[];
  /** The only one whose Freezes can select Pipelines of all namespaces. */
  readonly ownNamespace: string | undefined;
  readonly graceMs: number;
  readonly log: Logger;
}

/** A collection of Freezes that is listed and watched. */
interface Place {
  readonly informer: Informer<Freeze>;
  /** By `namespace/name`. */
  readonly freezes: Map<string, Freeze>;
}

/**
 * Reads Freezes from the API server, from the first question on: a process that never asks needs no permission to read
 * them. Where their CustomResourceDefinition is not installed, there are none.
 */
export class FreezeReader {
  readonly #options: FreezeReaderOptions;
  /** By namespace; `undefined`: the whole cluster. */
  #places: ReadonlyMap<string | undefined, Place> | undefined;
  readonly #subscribers: ((change: FreezeChange) => void)[] = [];
  readonly #logged = new Map<string, string>();
  #discovered: { readonly at: number; readonly served: Promise<boolean> } | undefined;

  constructor(options: FreezeReaderOptions) {
    this.#options = options;
  }

  /**
   * The Freezes of a namespace, and those for all namespaces.
   * @throws WindlassError store-unavailable while they are not known: what they forbid must not happen
   */
  async of(namespace: string): Promise<readonly Freeze[]> {
    const places = (this.#places ??= this.#open());
    const all = [undefined, namespace, ...this.#own()].map((each) => places.get(each));
    const asked = [...new Set(all.filter((place) => place !== undefined))];
    const unknown = asked.find((place) => !this.#isKnown(place));
    if (unknown !== undefined && !(await this.#isNotInstalled(unknown)))
      throw new WindlassError('store-unavailable', unknown.informer.fault);
    const freezes = asked.flatMap((place) => (this.#isCurrent(place) ? [...place.freezes.values()] : []));
    return freezes.filter((freeze) => freeze.namespace === namespace || freeze.allNamespaces === true);
  }

  /** Calls `changed` with what a Freeze was and is when it appears, changes or disappears. */
  subscribe(changed: (change: FreezeChange) => void): void {
    this.#subscribers.push(changed);
    this.#places ??= this.#open();
  }

  async close(): Promise<void> {
    await Promise.all([...(this.#places?.values() ?? [])].map(({ informer }) => informer.close()));
  }

  #own(): string[] {
    const { ownNamespace } = this.#options;
    return ownNamespace === undefined ? [] : [ownNamespace];
  }

  #isCurrent({ informer }: Place): boolean {
    return informer.state(this.#options.graceMs) === 'current';
  }

  #isKnown(place: Place): boolean {
    return this.#isCurrent(place) || place.informer.isAbsent;
  }

  /**
   * Without the permission, an API server refuses also what it does not have. Installations from before there were Freezes
   * must not wait for a permission to read none.
   */
  async #isNotInstalled({ informer }: Place): Promise<boolean> {
    if (informer.state(this.#options.graceMs) !== 'refused') return false;
    const isRecent = this.#discovered !== undefined && Date.now() - this.#discovered.at < discoveredForMs;
    if (!isRecent) {
      const { kubeConfig } = this.#options;
      const signal = AbortSignal.timeout(discoveryLimitMs);
      // What is not known may hold something.
      const served = isServed(kubeConfig, pipelineApiVersion, plural, signal).catch(() => true);
      this.#discovered = { at: Date.now(), served };
    }
    return this.#discovered !== undefined && !(await this.#discovered.served);
  }

  #open(): ReadonlyMap<string | undefined, Place> {
    const { watchNamespaces } = this.#options;
    const namespaces =
      watchNamespaces.length === 0 ? [undefined] : [...new Set([...watchNamespaces, ...this.#own()])];
    return new Map(namespaces.map((namespace) => [namespace, this.#follow(namespace)]));
  }

  #follow(namespace: string | undefined): Place {
    const { kubeConfig, log } = this.#options;
    const where = namespace === undefined ? 'in all namespaces' : `in namespace ${namespace}`;
    const path = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
    const freezes = new Map<string, Freeze>();
    const uids = new Map<string, string>();
    const notify = (key: string, before: Freeze | undefined, now: Freeze | undefined): void => {
      const uid = uids.get(key);
      const change = {
        ...(before === undefined ? {} : { before }),
        ...(now === undefined ? {} : { now }),
        ...(uid === undefined ? {} : { uid }),
      };
      for (const changed of this.#subscribers) changed(change);
    };
    const informer: Informer<Freeze> = new Informer<Freeze>({
      kubeConfig,
      path: `/apis/${pipelineApiVersion}${path}/${plural}`,
      log,
      what: `the Freezes ${where}`,
      read: (object) => {
        const before = freezes.get(object.key);
        const now = this.#read(object);
        const uid = uidOf(object.value);
        if (uid !== undefined) uids.set(object.key, uid);
        if (now === undefined) freezes.delete(object.key);
        else freezes.set(object.key, now);
        // What the first list contains is not a change.
        if (informer.state(Infinity) === 'current' && !isDeepStrictEqual(before, now))
          notify(object.key, before, now);
        return now;
      },
      onDeleted: (key) => {
        const before = freezes.get(key);
        freezes.delete(key);
        this.#logged.delete(key);
        if (before !== undefined) notify(key, before, undefined);
        uids.delete(key);
      },
      remedy: (refusal) => remedy(refusal, where),
    });
    return { informer, freezes };
  }

  #read({ key, value }: ApiObject): Freeze | undefined {
    const { value: freeze, faults } = readFreezeManifest(value);
    const [fault] = faults;
    if (freeze !== undefined) {
      if (this.#reachesAsItSays(freeze)) this.#logged.delete(key);
      else this.#say(key, `The Freeze ${key} has allNamespaces, which ${onlyAtHome}.`);
      return this.#limited(freeze);
    }
    if (fault === undefined) return undefined;
    this.#say(
      key,
      `The Freeze ${key} is invalid and holds everything in its namespace: ${formatPath(fault.path)} ${fault.reason}. Fix or delete it.`,
    );
    const inPlace = invalidFreeze(value, fault);
    return inPlace && this.#limited(inPlace);
  }

  #reachesAsItSays({ namespace, allNamespaces }: Freeze): boolean {
    return allNamespaces !== true || namespace === this.#options.ownNamespace;
  }

  /** A user who can write in one namespace must not hold what belongs to others. */
  #limited(freeze: Freeze): Freeze {
    return this.#reachesAsItSays(freeze) ? freeze : { ...freeze, allNamespaces: false };
  }

  #say(key: string, message: string): void {
    if (this.#logged.get(key) !== message) this.#options.log.warn({ freeze: key }, message);
    this.#logged.set(key, message);
  }
}

function uidOf(object: unknown): string | undefined {
  const metadata = isRecord(object) ? object['metadata'] : undefined;
  const uid = isRecord(metadata) ? metadata['uid'] : undefined;
  return typeof uid === 'string' ? uid : undefined;
}

function remedy({ status }: ApiRefusal, where: string): string {
  switch (status) {
    case 401:
      return 'Its credentials are invalid or expired.';
    case 403:
      return `Promotions wait: grant the worker's ServiceAccount the permission to list and watch ${resource} ${where}.`;
    case 404:
      return `There are none until you install the CustomResourceDefinition ${resource}.`;
    default:
      return '';
  }
}
