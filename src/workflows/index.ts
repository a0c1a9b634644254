export { lane } from './lane';
export { promotion } from './promotion';
