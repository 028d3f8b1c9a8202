// What the node goes by in tests, in place of its own `time.ts`: see jest.config.js.
import { clock } from './clock';

export { orAborted } from '../../nodes/ComfyControl/basics/time';

export const { nowMs, pause } = clock;
