import { Suspense, useLayoutEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Route, Switch, useLocation } from 'wouter';
import { ApiProblem } from './api/client.ts';
import { useMe } from './api/me.ts';
import { Layout } from './layout/layout.tsx';
import { pages, views } from './pages/index.ts';
import { Invitation } from './pages/invitation.tsx';
import { NotFound } from './pages/not-found.tsx';
import { SignIn } from './pages/sign-in.tsx';
import { ErrorBoundary } from './parts/error-boundary.tsx';
import { Loading } from './parts/loading.tsx';
import { Trouble } from './parts/trouble.tsx';

export function App() {
  const [location] = useLocation();
  const { data: me, error, refetch } = useMe();
  const { t } = useTranslation();
  // Before the page says more exactly what it is (parts/page-title.tsx).
  useLayoutEffect(() => {
    const at = pages.find(({ path }) => path === location || (path !== '/' && location.startsWith(`${path}/`)));
    document.title = at ? `${t(`pages.${at.name}`)} · Tandem` : 'Tandem';
  }, [location, t]);

  if (location === '/invitation') return <Invitation />;
  const isOver = error instanceof ApiProblem && error.status === 401;
  if (isOver && !me) return <SignIn />;
  if (error && !me) return <Trouble error={error} onRetry={() => void refetch()} />;
  if (!me) return <Loading />;
  return (
    <>
      {isOver && <SignIn isOver />}
      {/* What somebody typed outlives his session; who signs in as another finds nothing of it. */}
      <div key={me.name} hidden={isOver} inert={isOver}>
        <Layout>
          <ErrorBoundary key={location}>
            <Suspense fallback={<Loading />}>
              <Switch>
                {views.map(({ path, view }) => (
                  <Route key={path} path={path} component={view} />
                ))}
                <Route component={NotFound} />
              </Switch>
            </Suspense>
          </ErrorBoundary>
        </Layout>
      </div>
    </>
  );
}
