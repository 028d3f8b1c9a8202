import type { Collection } from '../collection';
import type { RunnerRef } from '../jobs';
import type { ManagedRunner, SandboxRunner } from '../runners';
import { otherUserId, user } from './user';

const anHour = 3_600_000;

/** Ids of the user's runners that are there from the start. */
export const runnerIds = {
	/** Takes every workflow, because it is the first and has no tags. It has a secret header. */
	main: '550e8400-e29b-41d4-a716-446655440000',
	/** Takes what asks for nothing but `video` and `gpu-a100`, when `main` is disabled. */
	tagged: '661f9511-f3ac-42e5-b827-557766551111',
	/** Disabled: it takes nothing. */
	disabled: '77200622-04bd-43f6-8938-668877662222',
};

/** Ids of the managed runners that are there from the start. */
export const managedRunnerIds = {
	pro: '88311733-15ce-4407-9a49-779988773333',
	/** Not there for a user of the tier pro. */
	plus: '99422844-26df-4518-ab5a-880099884444',
	/** Never listed: it is disabled. */
	disabled: 'aa533955-37e0-4629-bc6b-991100995555',
};

/** A runner of another user. */
export const othersRunnerId = 'bb644a66-48f1-473a-8d7c-aa2211006666';

export const mainRunner: RunnerRef = { kind: 'user', id: runnerIds.main };
export const proRunner: RunnerRef = { kind: 'managed', id: managedRunnerIds.pro };

export function plantRunners(runners: Collection<SandboxRunner>, newestMs: number): void {
	const runner = (id: string, hoursBefore: number): Omit<SandboxRunner, 'name' | 'endpoint'> => {
		const createdAtMs = newestMs - hoursBefore * anHour;
		const times = { createdAtMs, updatedAtMs: createdAtMs };
		return { id, userId: user.id, status: 'active', tags: [], headers: {}, ...times };
	};
	runners.add({
		...runner(othersRunnerId, 330),
		userId: otherUserId,
		name: 'Somebody Else’s Runner',
		endpoint: 'https://comfy.example.net',
	});
	runners.add({
		...runner(runnerIds.main, 320),
		name: 'Production GPU Runner',
		endpoint: 'https://my-comfy.example.com',
		headers: { Authorization: 'Bearer secret_token' },
	});
	runners.add({
		...runner(runnerIds.tagged, 310),
		name: 'Video Machine',
		endpoint: 'https://video.example.com',
		tags: ['video', 'gpu-a100'],
	});
	runners.add({
		...runner(runnerIds.disabled, 300),
		name: 'Old Workstation',
		status: 'disabled',
		endpoint: 'http://192.168.1.100:8188',
	});
}

/** The managed runners, the newest first. */
export function seededManagedRunners(newestMs: number): ManagedRunner[] {
	const createdAtMs = newestMs - 400 * anHour;
	return [
		{
			id: managedRunnerIds.pro,
			name: 'Managed Pro',
			type: 'pro',
			status: 'active',
			tags: ['production', 'batch', 'video'],
			createdAtMs,
		},
		{
			id: managedRunnerIds.plus,
			name: 'Managed Plus',
			type: 'plus',
			status: 'active',
			tags: ['video', 'gpu-h100'],
			createdAtMs: createdAtMs - anHour,
		},
		{
			id: managedRunnerIds.disabled,
			name: 'Managed Pro (retired)',
			type: 'pro',
			status: 'disabled',
			tags: ['video'],
			createdAtMs: createdAtMs - 2 * anHour,
		},
	];
}
