export { budget } from './budget';
export { follower } from './follower';
export { lane } from './lane';
export { notice } from './notice';
export { promotion } from './promotion';
