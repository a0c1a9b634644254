/** What the API answers, by the names that the pages have for it. */
import { type components, type paths } from './schema';

type AnswerOf<Path extends keyof paths> = paths[Path] extends {
  readonly get: { readonly responses: { readonly 200: { readonly content: infer Content } } };
}
  ? Content[keyof Content]
  : never;

type Schemas = components['schemas'];

/** A Pipeline by its name. */
export interface PipelineName {
  readonly namespace: string;
  readonly name: string;
}

export type PipelineDetails = AnswerOf<'/api/v1/pipelines/{namespace}/{name}'>;
export type EnvironmentDetails = PipelineDetails['environments'][number];
export type PromotionDetails = AnswerOf<'/api/v1/promotions/{id}'>;
export type PromotionSummary = Schemas['PromotionSummary'];
export type ClosedGate = PromotionDetails['gates'][number];
export type Freeze = Schemas['Freeze'];
/** What people can be allowed to do. */
export type Verb = AnswerOf<'/api/v1/me'>['allowed'][number];
export type Done = Schemas['Done'];
