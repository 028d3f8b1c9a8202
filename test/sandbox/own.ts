import { ApiError, notFound } from './apiError';
import type { Context } from './context';
import type { SandboxWorkflow } from './jobs';
import type { SandboxRunner } from './runners';
import { user } from './seeds';
import type { Switches } from './switches';
import type { SandboxTemplate } from './templates';

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const uuidOfAnyLetters = /^[\da-z]{8}(-[\da-z]{4}){3}-[\da-z]{12}$/i;

/** The user's workflow of this id, or the documented refusal. */
export function ownWorkflow({ jobs, switches }: Context, id: string): SandboxWorkflow {
	checkId(id, switches);
	return checkOwner(jobs.find(id), switches);
}

/** The user's template of this id, or the documented refusal. */
export function ownTemplate({ templates, switches }: Context, id: string): SandboxTemplate {
	checkId(id, switches, switches.templateIds === 'uuid' ? uuid : uuidOfAnyLetters);
	return checkOwner(templates.find(id), switches);
}

/** The user's runner of this id, or the documented refusal. */
export function ownRunner({ runners, switches }: Context, id: string): SandboxRunner {
	checkId(id, switches);
	return checkOwner(runners.find(id), switches);
}

/** What of these things is the user's, the newest first. */
export function ownNewestFirst<Thing extends { userId: string }>(things: Thing[]): Thing[] {
	return things.filter(({ userId }) => userId === user.id).reverse();
}

/** Refuses an id that cannot be one. */
export function checkId(id: string, { invalidIdStatus }: Switches, pattern = uuid): void {
	if (pattern.test(id)) return;
	if (invalidIdStatus === 404) throw notFound();
	throw new ApiError(400, 'invalid UUID format');
}

function checkOwner<Thing extends { userId: string }>(
	thing: Thing | undefined,
	{ othersStatus }: Switches,
): Thing {
	if (!thing) throw notFound();
	if (thing.userId === user.id) return thing;
	if (othersStatus === 404) throw notFound();
	throw new ApiError(403, 'insufficient permissions');
}
