import { Button } from '../components/button';
import { Empty } from '../components/page-states';
import { useSession } from '../session/session';
import styles from './nothing-shown.module.css';

export function NothingFits({ onClear }: { readonly onClear: () => void }) {
  return (
    <Empty title="No Pipeline matches these filters">
      <Button onClick={onClear}>Clear filters</Button>
    </Empty>
  );
}

const firstPipeline = `apiVersion: pipelines.weave.works/v1alpha1
kind: Pipeline
metadata:
  name: shop
  namespace: apps
spec:
  appRef:
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    name: shop
  environments:
    - name: dev
      targets:
        - namespace: dev
    - name: prod
      targets:
        - namespace: prod
`;

/** There are none at all, or none that the reader may see. */
export function NoPipelines() {
  const { name, allowed } = useSession();
  if (!allowed.includes('get')) {
    return (
      <Empty title="You see no Pipelines">
        <p>
          {name} does not have permission to see any Pipeline. Ask your administrator for the permission to{' '}
          <code>get</code> Pipelines.
        </p>
      </Empty>
    );
  }
  return (
    <Empty title="There are no Pipelines yet">
      <p className={styles['text']}>
        A Pipeline names an application and the environments that it moves through. Apply one with{' '}
        <code>kubectl</code>, or put it into the directory of <code>--pipelines-dir</code>. It appears here by
        itself.
      </p>
      <pre className={styles['example']} tabIndex={0}>
        {firstPipeline}
      </pre>
    </Empty>
  );
}
