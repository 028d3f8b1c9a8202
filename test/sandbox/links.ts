import { createHmac, randomBytes } from 'node:crypto';

/** Signs the temporary addresses of output files and checks them. */
export class Links {
	/** Where the storage host listens, known once it does. */
	storageUrl = '';

	private readonly signingKey = randomBytes(32);

	constructor(
		private readonly lifetimeMs: number,
		private readonly now: () => number,
	) {}

	/** The address of an output, good for the lifetime of a link from now on. */
	sign(workflowId: string, fileName: string): string {
		const path = `/outputs/${workflowId}/${encodeURIComponent(fileName)}`;
		const expires = String(this.now() + this.lifetimeMs);
		const query = new URLSearchParams({ signature: this.signature(path, expires), expires });
		return `${this.storageUrl}${path}?${query.toString()}`;
	}

	/** Whether the address was signed here and still works. */
	check(path: string, query: Record<string, string>): 'good' | 'forged' | 'expired' {
		const { signature, expires } = query;
		if (signature !== this.signature(path, expires ?? '')) return 'forged';
		return this.now() < Number(expires) ? 'good' : 'expired';
	}

	private signature(path: string, expires: string): string {
		return createHmac('sha256', this.signingKey).update(`${path} ${expires}`).digest('hex');
	}
}
