import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { Route, Switch } from 'wouter';
import { usePathname } from 'wouter/use-browser-location';
import { createQueryClient } from './api/query-client';
import { BoardPage } from './board/board-page';
import { Loading } from './components/page-states';
import { Layout } from './layout/layout';
import { NotFoundPage } from './layout/not-found-page';
import { SessionGate } from './session/session-gate';
import * as paths from './paths';

// What is not needed on the first page is loaded when it is.
const PipelinePage = lazy(() => import('./pipeline/pipeline-page'));
const PromotionPage = lazy(() => import('./promotion/promotion-page'));
const ActivityPage = lazy(() => import('./activity/activity-page'));
const FiguresPage = lazy(() => import('./figures/figures-page'));

export function App() {
  const [queryClient] = useState(createQueryClient);
  return (
    <QueryClientProvider client={queryClient}>
      <SessionGate>
        <Layout>
          <Suspense fallback={<Loading what="the page" />}>
            <Switch>
              <Route path={paths.board}>
                <BoardPage />
              </Route>
              <Route path={paths.pipelinePattern}>
                {({ namespace, name }) => (
                  <PipelinePage key={`${namespace}/${name}`} namespace={namespace} name={name} />
                )}
              </Route>
              <Route path={paths.promotionPattern}>
                <PromotionRoute />
              </Route>
              <Route path={paths.activity}>
                <ActivityPage />
              </Route>
              <Route path={paths.figures}>
                <FiguresPage />
              </Route>
              <Route>
                <NotFoundPage />
              </Route>
            </Switch>
          </Suspense>
        </Layout>
      </SessionGate>
    </QueryClientProvider>
  );
}

function PromotionRoute() {
  const id = paths.promotionIdIn(usePathname());
  return id === undefined ? <NotFoundPage /> : <PromotionPage key={id} id={id} />;
}
