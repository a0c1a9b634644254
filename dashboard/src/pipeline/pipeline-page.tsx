/** One Pipeline: its environments as a flow. */
export default function PipelinePage({
  namespace,
  name,
}: {
  readonly namespace: string;
  readonly name: string;
}) {
  return (
    <h1>
      {namespace}/{name}
    </h1>
  );
}
