import { isNamespace, isObjectName } from '../../domain/kubernetes-names';
import { CommandFault } from '../exit-codes';

export interface NamespacedName {
  readonly namespace: string;
  readonly name: string;
}

/** Reads `NS/NAME`. @param kind for the message, such as `Pipeline` @throws CommandFault usage */
export function parseNamespacedName(kind: string, text: string): NamespacedName {
  const [namespace = '', name = '', ...more] = text.split('/');
  if (more.length === 0 && isNamespace(namespace) && isObjectName(name)) return { namespace, name };
  throw new CommandFault(
    'usage',
    `${JSON.stringify(text)} does not name a ${kind}: write it as NAMESPACE/NAME, such as apps/shop.`,
  );
}
