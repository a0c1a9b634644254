import { type Repositories } from './repositories';
import { Router } from 'express';

export function pagesRouter(_repositories: Repositories): Router {
  return Router();
}
