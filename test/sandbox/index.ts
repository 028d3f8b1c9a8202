import type { FastifyInstance } from 'fastify';

import { machineClock } from './clock';
import { Collection } from './collection';
import type { Context } from './context';
import { Faults } from './faults';
import { Jobs } from './jobs';
import { Links } from './links';
import { RateLimiter } from './rateLimit';
import { plantSeeds, seedIds } from './seeds';
import { apiServer } from './server';
import { storageServer } from './storage';
import { defaultSwitches } from './switches';
import type { Durations, Sandbox, SandboxOptions } from './types';

export type { SandboxClock } from './clock';
export type { Fault } from './faults';
export type { JobOutcome, Param, RunnerRef, SandboxWorkflow, Status } from './jobs';
export type { RateLimit } from './rateLimit';
export type { ReceivedField, ReceivedFile, ReceivedRequest } from './requestLog';
export type { SandboxRunner, Tier } from './runners';
export { othersRunnerId, othersTemplateId, othersWorkflowId, user, type Seeds } from './seeds';
export { expiredToken } from './server';
export { defaultSwitches, readings, type Switches } from './switches';
export type { SandboxTemplate } from './templates';
export type { Durations, Network, Sandbox, SandboxOptions } from './types';

/** The token that is accepted unless told otherwise. */
export const exampleToken = 'cfc_sandbox_example';

const localhost = '127.0.0.1';
const defaultDurations: Durations = { accepted: 50, uploaded: 50, queued: 50, running: 300 };
const defaultRateLimit = { requests: 40, windowMs: 10_000, cooldownMs: 10_000 };
const noDistance = { connectMs: 0, answerMs: 0, downloadMs: 0 };
const fiveMinutes = 5 * 60_000;

/** Starts a ComfyControl API to run against, and the storage host that keeps its outputs. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const context = createContext(options);
	const storage = storageServer(context);
	const api = apiServer(context);
	const stop = async () => {
		await Promise.all([api.close(), storage.close()]);
	};
	plantSeeds(context);
	let started = false;
	try {
		context.links.storageUrl = await listen(storage, options.storagePort);
		const apiUrl = await listen(api, options.port);
		started = true;
		return sandbox(context, apiUrl, stop);
	} finally {
		if (!started) await stop();
	}
}

function createContext(options: SandboxOptions): Context {
	const { clock = machineClock, clockAheadMs = 0 } = options;
	const now = () => clock.nowMs() + clockAheadMs;
	const durations = { ...defaultDurations, ...options.durationsMs };
	return {
		token: options.token ?? exampleToken,
		clock,
		now,
		pictures: options.pictures ?? 'painted',
		network: { ...noDistance, ...options.network },
		tier: options.tier ?? 'pro',
		history: options.history ?? 0,
		switches: { ...defaultSwitches, ...options.switches },
		jobs: new Jobs(durations, options.parallelJobs ?? 4, now),
		templates: new Collection(),
		runners: new Collection(),
		managedRunners: [],
		links: new Links(options.linkLifetimeMs ?? fiveMinutes, now),
		faults: new Faults(),
		rateLimiter: new RateLimiter(options.rateLimit ?? defaultRateLimit, () => clock.nowMs()),
		requests: [],
		downloads: [],
	};
}

async function listen(app: FastifyInstance, port = 0): Promise<string> {
	return await app.listen({ host: localhost, port });
}

function sandbox(context: Context, apiUrl: string, stop: () => Promise<void>): Sandbox {
	const { token, requests, downloads, jobs, templates, runners, faults, rateLimiter, links } =
		context;
	return {
		apiUrl,
		storageUrl: links.storageUrl,
		token,
		seeds: seedIds(context.switches),
		requests,
		downloads,
		get workflows() {
			return jobs.all();
		},
		get templates() {
			return templates.all();
		},
		get runners() {
			return runners.all();
		},
		cancel: (id) => jobs.cancel(id, 0),
		failNext: (fault) => faults.add(fault),
		failJobs: (outcome) => jobs.decideNext(outcome),
		reset: () => {
			requests.length = 0;
			downloads.length = 0;
			faults.clear();
			rateLimiter.reset();
			jobs.clear();
			templates.clear();
			runners.clear();
			plantSeeds(context);
		},
		stop,
	};
}
