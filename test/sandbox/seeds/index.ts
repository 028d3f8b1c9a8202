import type { Context } from '../context';
import type { Switches } from '../switches';
import { olderRuns } from './history';
import { managedRunnerIds, plantRunners, runnerIds, seededManagedRunners } from './runners';
import { plantTemplates, seededTemplateIds } from './templates';
import { seededWorkflows, workflowIds } from './workflows';

export { othersRunnerId } from './runners';
export { othersTemplateId } from './templates';
export { otherUserId, user } from './user';
export { othersWorkflowId } from './workflows';

/** Ids of what is there from the start. */
export type Seeds = ReturnType<typeof seedIds>;

export function seedIds(switches: Switches) {
	return {
		...workflowIds,
		templates: seededTemplateIds(switches),
		runners: runnerIds,
		managedRunners: managedRunnerIds,
	};
}

const durations = { accepted: 1000, uploaded: 2000, queued: 3000, running: 39_000 };

/** Plants what is there from the beginning, old enough for its workflows to be finished. */
export function plantSeeds(context: Context): void {
	const { jobs, templates, runners, switches, now, history } = context;
	const seeds = seededWorkflows();
	const newest = Math.max(...seeds.map(({ createdAtMs }) => createdAtMs));
	const anHourAgo = now() - 3_600_000;
	const shiftMs = Math.min(0, anHourAgo - newest);

	for (const job of [...olderRuns(history, seeds[0].createdAtMs), ...seeds]) {
		jobs.start({ ...job, createdAtMs: job.createdAtMs + shiftMs, durations });
	}
	plantTemplates(templates, newest + shiftMs, switches);
	plantRunners(runners, newest + shiftMs);
	context.managedRunners = seededManagedRunners(newest + shiftMs);
}
