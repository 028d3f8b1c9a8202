import { randomBytes, randomUUID } from 'node:crypto';

import { fillIn, type NamedPlaceholder, type WorkflowJson } from './placeholders';
import type { ReceivedFile } from './requestLog';
import { schedule } from './schedule';
import type { Durations } from './types';

export const statuses = [
	'accepted',
	'uploaded',
	'queued',
	'running',
	'completed',
	'cancelled',
	'invalid',
	'failed',
] as const;

export type Status = (typeof statuses)[number];

/** How a job ends when nobody cancels it. */
export interface JobOutcome {
	status: 'completed' | 'failed' | 'invalid' | 'cancelled';
	error_node?: string;
	exception_type?: string;
	exception_message?: string;
	/** How many files it makes, when it completes. Default: one for each SaveImage and SaveVideo node. */
	outputs?: number;
	/** How many of the next jobs end like this. Default 1. */
	times?: number;
}

/** The value of a placeholder in one execution. For a file it is the file's name. */
export interface Param {
	kind: NamedPlaceholder['kind'];
	name: string;
	value: string;
	file?: ReceivedFile;
}

/** The runner that executes a workflow: the user's own or a managed one. */
export interface RunnerRef {
	kind: 'user' | 'managed';
	id: string;
}

/** How and when a job is stopped before its end. */
interface Stop {
	atMs: number;
	as: 'cancelled' | 'failed';
}

/** What of a workflow never changes. */
export interface Job {
	id: string;
	userId: string;
	name: string;
	tags: string[];
	workflowJson: WorkflowJson;
	params: Param[];
	/** Values of $random() and $timestamp() by their place, such as `3.seed`. */
	generated: Record<string, string>;
	rerunOf: string | null;
	runner: RunnerRef;
	createdAtMs: number;
	promptId: string;
	/** ComfyUI's own counter of prompts. */
	number: number;
	durations: Durations;
	outcome: JobOutcome;
	/** A cancel or an interrupt. It takes effect unless the job has ended by then. */
	stop: Stop | undefined;
}

/** Where a job is at a moment. */
export interface Progress {
	status: Status;
	updatedAtMs: number;
	startedAtMs: number | null;
	endedAtMs: number | null;
	/** Jobs in front of it in the queue, plus one; null until queued. */
	position: number | null;
}

/** A workflow as it is at the moment of reading. */
export interface SandboxWorkflow extends Job, Progress {}

/** What a new job is made of. */
export type NewJob = Pick<Job, 'userId' | 'name' | 'tags' | 'workflowJson' | 'params' | 'runner'> &
	Partial<Pick<Job, 'id' | 'rerunOf' | 'createdAtMs' | 'generated' | 'durations' | 'outcome'>>;

/** What ComfyUI reports of a job that it interrupted. */
const interrupted: JobOutcome = {
	status: 'failed',
	exception_type: 'comfy.model_management.InterruptProcessingException',
	exception_message: 'Processing interrupted',
};

/** All workflows and the runner that executes them, by the clock and without timers. */
export class Jobs {
	private jobs: Job[] = [];

	private outcomes: JobOutcome[] = [];

	constructor(
		private readonly durations: Durations,
		private readonly parallelJobs: number,
		private readonly now: () => number,
	) {}

	/** Accepts a job; from here on it advances with the clock. */
	start(newJob: NewJob): SandboxWorkflow {
		const createdAtMs = newJob.createdAtMs ?? this.now();
		const job: Job = {
			id: randomUUID(),
			rerunOf: null,
			generated: generateValues(newJob.workflowJson, createdAtMs),
			durations: this.durations,
			...newJob,
			createdAtMs,
			promptId: randomUUID(),
			number: this.jobs.length,
			outcome: newJob.outcome ?? this.outcomes.shift() ?? { status: 'completed' },
			stop: undefined,
		};
		this.jobs.push(job);
		return this.at(job, schedule(this.jobs, this.parallelJobs, this.now()));
	}

	/** Decides how the next jobs to be started will end. */
	decideNext(outcome: JobOutcome): void {
		for (let i = 0; i < (outcome.times ?? 1); i++) this.outcomes.push(outcome);
	}

	/** Stops a job after a while, unless it ends before. */
	cancel(id: string, takesMs: number): void {
		const job = this.jobs.find((candidate) => candidate.id === id);
		if (job) job.stop ??= { atMs: this.now() + takesMs, as: 'cancelled' };
	}

	/** Stops at once whatever runs on a runner. */
	interrupt(runner: RunnerRef, as: Stop['as']): void {
		const progress = schedule(this.jobs, this.parallelJobs, this.now());
		for (const job of this.jobs) {
			const isThere = job.runner.kind === runner.kind && job.runner.id === runner.id;
			if (!isThere || progress.get(job)?.status !== 'running') continue;
			job.stop = { atMs: this.now(), as };
			if (as === 'failed') job.outcome = interrupted;
		}
	}

	find(id: string): SandboxWorkflow | undefined {
		const job = this.jobs.find((candidate) => candidate.id === id.toLowerCase());
		return job && this.at(job, schedule(this.jobs, this.parallelJobs, this.now()));
	}

	/** Every workflow in order of creation. */
	all(): SandboxWorkflow[] {
		const progress = schedule(this.jobs, this.parallelJobs, this.now());
		return this.jobs.map((job) => this.at(job, progress));
	}

	/** Forgets every job and every decided outcome. */
	clear(): void {
		this.jobs = [];
		this.outcomes = [];
	}

	private at(job: Job, progress: Map<Job, Progress>): SandboxWorkflow {
		const now = progress.get(job);
		if (!now) throw new Error(`No progress of ${job.id}`);
		return { ...job, ...now };
	}
}

/** $random() is another number at each place, $timestamp() the same one everywhere. */
function generateValues(workflowJson: WorkflowJson, atMs: number): Record<string, string> {
	const values: Record<string, string> = {};
	fillIn(workflowJson, (placeholder, place) => {
		if (placeholder.kind === 'random') values[place] = randomBytes(8).readBigUInt64BE().toString();
		if (placeholder.kind === 'timestamp') values[place] = String(Math.floor(atMs));
	});
	return values;
}
