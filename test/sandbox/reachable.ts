import { ApiError } from './apiError';
import type { Switches } from './switches';

/** Refuses what the runner itself has to be asked for while it does not answer. */
export function checkReachable({ runnerReachable }: Switches): void {
	if (!runnerReachable) throw new ApiError(500, 'could not reach the runner');
}
