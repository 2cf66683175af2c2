import { lazy, Suspense } from 'react';
import { Route, Switch } from 'wouter';
import { Layout } from './layout/layout.tsx';
import { Loading } from './parts/loading.tsx';

/** A page is fetched when it is looked at. */
const Trunks = lazy(() => import('./pages/trunks.tsx'));

export function App() {
  return (
    <Layout>
      <Suspense fallback={<Loading />}>
        <Switch>
          <Route path="/trunks" component={Trunks} />
          <Route component={Trunks} />
        </Switch>
      </Suspense>
    </Layout>
  );
}
