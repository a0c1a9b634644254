/** What the API answers about who did what. */
import { type components, type paths } from '../api/schema';

export type Entry = components['schemas']['AuditRecord'];
export type Kind = Entry['kind'];
export type Audit = paths['/api/v1/audit']['get']['responses'][200]['content']['application/json'];
