import type { RunnerRef } from './jobs';
import { isoTime } from './times';

export const tiers = ['free', 'pro', 'plus', 'enterprise'] as const;

/** What a user pays for. */
export type Tier = (typeof tiers)[number];

export const runnerStatuses = ['active', 'disabled'] as const;

export type RunnerStatus = (typeof runnerStatuses)[number];

/** A user's own ComfyUI. */
export interface SandboxRunner {
	id: string;
	userId: string;
	name: string;
	status: RunnerStatus;
	endpoint: string;
	tags: string[];
	/** Sent along with every request to the ComfyUI. The API tells them to the user, as they are. */
	headers: Record<string, string>;
	createdAtMs: number;
	updatedAtMs: number;
}

/** A ComfyUI that ComfyControl operates. */
export interface ManagedRunner {
	id: string;
	name: string;
	type: 'plus' | 'pro';
	status: RunnerStatus;
	tags: string[];
	createdAtMs: number;
}

/** Everything that the API tells of a runner, in lists too. */
export function runnerDetails(runner: SandboxRunner) {
	const { id, userId, name, status, endpoint, tags, headers, createdAtMs, updatedAtMs } = runner;
	return {
		id,
		user_id: userId,
		name,
		status,
		endpoint,
		tags,
		headers,
		created_at: isoTime(createdAtMs),
		updated_at: isoTime(updatedAtMs),
	};
}

export function managedRunnerDetails({ id, name, type, status, tags, createdAtMs }: ManagedRunner) {
	return {
		id,
		name,
		runner_type: type,
		status,
		tags,
		created_at: isoTime(createdAtMs),
		updated_at: isoTime(createdAtMs),
	};
}

/** Whether the tier may use managed runners at all. */
export function mayUseManaged(tier: Tier): boolean {
	return tier !== 'free';
}

/** The types of managed runners that a tier has. */
export function managedTypesOf(tier: Tier): Array<ManagedRunner['type']> {
	if (!mayUseManaged(tier)) return [];
	return tier === 'pro' ? ['pro'] : ['plus', 'pro'];
}

/** A runner that a workflow may run on. */
export interface Candidate {
	ref: RunnerRef;
	status: RunnerStatus;
	tags: string[];
}

/**
 * The runner for a workflow: an active one that has all of its tags, or no tags at all. ComfyControl
 * takes any of them at random; here it is the first, so that tests know.
 */
export function pickRunner(candidates: Candidate[], tags: string[]): RunnerRef | undefined {
	const matching = candidates.find(
		(runner) =>
			runner.status === 'active' &&
			(runner.tags.length === 0 || tags.every((tag) => runner.tags.includes(tag))),
	);
	return matching?.ref;
}
