/** The operators' API. */
import { type Registry } from './setting';
import * as kind from './value-kinds';

export const operatorSettings = {
  apiBindAddress: {
    flag: 'api-bind-address',
    kind: kind.optionalBindAddress,
    default: ':8083',
    description: "the address that the operators' API listens on; 0 disables it",
    readBy: ['api'],
    config: 'operator.bind',
  },
} as const satisfies Registry;
