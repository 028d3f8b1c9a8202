import type { Collection } from './collection';
import type { SandboxClock } from './clock';
import type { Faults } from './faults';
import type { Jobs } from './jobs';
import type { Links } from './links';
import type { RateLimiter } from './rateLimit';
import type { ReceivedRequest } from './requestLog';
import type { ManagedRunner, SandboxRunner, Tier } from './runners';
import type { Switches } from './switches';
import type { SandboxTemplate } from './templates';
import type { Network } from './types';

/** What both servers and all routes share. */
export interface Context {
	token: string;
	/** The tier of the user. */
	tier: Tier;
	clock: SandboxClock;
	/** What the sandbox takes for the time, in milliseconds since 1970. */
	now: () => number;
	network: Network;
	pictures: 'painted' | 'plain' | Buffer;
	/** How many older runs are planted with the seeds. */
	history: number;
	switches: Switches;
	jobs: Jobs;
	templates: Collection<SandboxTemplate>;
	runners: Collection<SandboxRunner>;
	managedRunners: ManagedRunner[];
	links: Links;
	faults: Faults;
	rateLimiter: RateLimiter;
	requests: ReceivedRequest[];
	downloads: ReceivedRequest[];
}
