import { render } from 'preact';
import { App } from './app.tsx';
import { createSession } from './session.ts';
import { PageContext, Store } from './store.ts';
import 'slack-blocks-to-jsx/dist/style.css';
import './style/page.css';

const store = new Store();
const session = createSession(store);
session.start();
render(
  <PageContext.Provider value={{ store, session }}>
    <App />
  </PageContext.Provider>,
  document.getElementById('app')!,
);
