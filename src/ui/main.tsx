import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { createPage } from './app/createPage.ts';
import './app/styles.css';

const element = document.getElementById('app');
if (element === null) throw new Error('index.html has lost its #app element.');
const page = createPage();
createRoot(element).render(
  <StrictMode>
    <App page={page} />
  </StrictMode>,
);
