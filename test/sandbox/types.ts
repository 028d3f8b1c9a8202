import type { SandboxClock } from './clock';
import type { Fault } from './faults';
import type { JobOutcome, SandboxWorkflow } from './jobs';
import type { RateLimit } from './rateLimit';
import type { ReceivedRequest } from './requestLog';
import type { SandboxRunner, Tier } from './runners';
import type { Seeds } from './seeds';
import type { Switches } from './switches';
import type { SandboxTemplate } from './templates';

/** How to start a sandbox; everything may be left out. */
export interface SandboxOptions {
	/** Port of the API; 0 or nothing takes any free one. Only 127.0.0.1 is listened on. */
	port?: number;
	/** Port of the host that the output links point to. */
	storagePort?: number;
	/** The one token that is accepted, `cfc_sandbox_example` unless told. */
	token?: string;
	/** The tier of the user: `free` has no managed runners. Default `pro`. */
	tier?: Tier;
	/** How the sandbox reads the places where ComfyControl's documentation is silent. */
	switches?: Partial<Switches>;
	/** How long a job stays in each state. */
	durationsMs?: Partial<Durations>;
	/** How many jobs all runners together run at once; the others stay `queued`. Default 4. */
	parallelJobs?: number;
	/** How long a signed output link works. Default 5 minutes. */
	linkLifetimeMs?: number;
	/** Requests allowed in a window, and the cooldown after one too many; false for no limit. */
	rateLimit?: RateLimit | false;
	/**
	 * How many finished runs are there that are older than the seeds: of several workflows, completed,
	 * failed and cancelled, with and without tags, and the same ones each time. Default none.
	 */
	history?: number;
	/** The clock that everything goes by. Default: that of this machine. */
	clock?: SandboxClock;
	/** How far the sandbox's own times are ahead of that clock, or behind it if less than 0. */
	clockAheadMs?: number;
	/** `plain` makes every output the same small file, where nobody looks at it; a PNG makes all of them this one. Default `painted`. */
	pictures?: 'painted' | 'plain' | Buffer;
	/** How far away it is. Default: no distance at all. */
	network?: Partial<Network>;
}

/** How long a request is on its way, in milliseconds. */
export interface Network {
	/** Until a new connection is there, at either host. */
	connectMs: number;
	/** Until an answer of the API arrives. */
	answerMs: number;
	/** Until a file begins to arrive from the storage host. */
	downloadMs: number;
}

/** How long a job stays in each state before it moves on, in milliseconds. */
export interface Durations {
	accepted: number;
	uploaded: number;
	/** The least time in the queue; a job waits longer when every slot of the runner is taken. */
	queued: number;
	running: number;
}

/** A running sandbox. */
export interface Sandbox {
	apiUrl: string;
	storageUrl: string;
	token: string;
	/** Ids of what is there from the start. */
	seeds: Seeds;
	/** Every request to the API, in order of arrival. */
	requests: ReceivedRequest[];
	/** Every request to the storage host, in order of arrival. */
	downloads: ReceivedRequest[];
	/** Every workflow, seeds included, in order of creation, as it is at this moment. */
	readonly workflows: SandboxWorkflow[];
	/** Every template, the oldest first. */
	readonly templates: SandboxTemplate[];
	/** Every runner that users have added, the oldest first. */
	readonly runners: SandboxRunner[];
	/** Cancels a workflow as somebody would on ComfyControl's own site. */
	cancel(id: string): void;
	/** Makes the next matching request, or the next `times` of them, go wrong. */
	failNext(fault: Fault): void;
	/** Decides how the next job to be started, or the next `times` of them, will end. */
	failJobs(outcome: JobOutcome): void;
	/** Back to the seeds: forgets started jobs, logs, faults, outcomes and the rate limit. */
	reset(): void;
	/** Closes both servers and every open connection at once. */
	stop(): Promise<void>;
}
