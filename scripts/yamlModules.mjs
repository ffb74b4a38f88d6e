import { load } from 'js-yaml';

/** A Vite plugin: `import scenario from './x.yaml'` is the data, read at build time. */
export function yamlModules() {
  return {
    name: 'yaml-modules',
    transform(text, id) {
      if (!/\.ya?ml$/.test(id)) return null;
      return { code: `export default ${JSON.stringify(load(text))}`, map: null };
    },
  };
}
