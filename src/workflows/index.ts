export { budget } from './budget';
export { follower } from './follower';
export { lane } from './lane';
export { promotion } from './promotion';
