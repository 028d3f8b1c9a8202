import { watchRequests } from './clock';

let stopWatching = () => {};
beforeAll(() => void (stopWatching = watchRequests()));
afterAll(() => stopWatching());
