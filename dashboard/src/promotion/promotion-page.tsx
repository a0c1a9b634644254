/** One promotion: what happened to it, and what it waits for. */
export default function PromotionPage({ id }: { readonly id: string }) {
  return <h1>{id}</h1>;
}
