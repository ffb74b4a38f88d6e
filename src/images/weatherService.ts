import type { Image } from '#world/machine/image.ts';
import { flaskServer, queryValue, type Route } from './flaskApp.ts';
import { defineImage, isCommand, mb, mib } from './image.ts';
import { debianTools } from './tools.ts';

const skies = ['clear sky', 'few clouds', 'scattered clouds', 'light rain', 'mist', 'snow'];

/** The weather of a place: made up, and always the same for the same place. */
const route: Route = (request) => {
  const path = request.path.split('?')[0];
  if (path !== '/' && path !== '/weather') return null;
  const city = queryValue(request, 'city') ?? 'Chicago';
  let sum = 7;
  for (let i = 0; i < city.length; i++) sum = (sum * 31 + city.charCodeAt(i)) % 9973;
  const weather = {
    city,
    temperatureC: (sum % 38) - 5,
    humidity: 30 + (sum % 61),
    sky: skies[sum % skies.length],
  };
  return { body: `${JSON.stringify(weather)}\n` };
};

const server = flaskServer({
  port: 5000,
  startMs: 1_500,
  memoryIdleBytes: 48 * mib,
  cost: { cpuMicros: 3_000, latencyMs: 12, memoryBytes: 128 * 1024 },
  route,
});

function weatherImage(name: string): Image {
  return defineImage({
    name,
    tags: ['latest', 'v1'],
    sizeBytes: 496 * mb,
    command: ['python3', 'weather.py'],
    workingDirectory: '/app',
    files: { '/app/weather.py': '# A Flask app that answers GET / with the weather.\n' },
    programs: debianTools,
    isLocal: true,
    serverFor: (args) => (isCommand(args, 'python3', 'python', 'flask') ? server : undefined),
  });
}

/** The weather service of the course, built on the nodes: no registry has it, so it needs `imagePullPolicy: Never`. */
export const weatherService = weatherImage('weather-service-k8s');
/** The same under the name that the course's `docker build -t weather-service-k8s/latest` gives it. */
export const weatherServiceLatest = weatherImage('weather-service-k8s/latest');
