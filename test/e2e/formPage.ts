import { at } from '../support/guards';
import { waitFor } from '../support/processes';

const LONGEST_ANSWER = 1_000;
const PAGE_TIMEOUT_MS = 20_000;
const ENDING_TIMEOUT_MS = 60_000;

/** The file that the last page of a form hands over. */
export interface HandedFile {
	fileName: string;
	mimeType: string;
	content: Buffer;
}

/** A form of n8n, filled in as its page in the browser does. */
export class FormPage {
	constructor(private readonly url: string) {}

	/** The page that asks. n8n serves it a moment after it was told to. */
	async open(): Promise<string> {
		const page = async () => {
			const response = await fetch(this.url);
			return response.status === 404 ? undefined : await textOf(response);
		};
		return await waitFor('page of the form', page, PAGE_TIMEOUT_MS);
	}

	/** Sends the answers, in the order of the form's fields, and gives what the page is told. */
	async submit(answers: Array<string | File>): Promise<unknown> {
		const form = new FormData();
		answers.forEach((answer, position) => form.append(`field-${position}`, answer));
		const response = await fetch(this.url, { method: 'POST', body: form });
		return JSON.parse(await textOf(response));
	}
}

/** Waits for the last page of a form that was submitted, opens it and lets the workflow go on. */
export async function endingOf(told: unknown): Promise<{ page: string; files: HandedFile[] }> {
	const url = new URL(String(at(told, 'formWaitingUrl')));
	const statusUrl = new URL(url);
	statusUrl.pathname += '/n8n-execution-status';
	const isReady = async () => {
		const status = await textOf(await fetch(statusUrl));
		if (status === 'error') throw new Error('The workflow behind the form failed');
		return status === 'form-waiting' || undefined;
	};
	await waitFor('last page of the form', isReady, ENDING_TIMEOUT_MS);
	const page = await textOf(await fetch(url));
	await fetch(url, { method: 'POST', body: new FormData() });
	return { page, files: filesIn(page) };
}

// The page carries them for its script, which offers them as downloads.
function filesIn(page: string): HandedFile[] {
	const [, text] = /decodeURIComponent\("([^"]*)"\)/.exec(page) ?? [];
	const files: unknown = text === undefined ? [] : JSON.parse(decodeURIComponent(text));
	// Older versions of n8n know only one file.
	const list: unknown[] = Array.isArray(files) ? files : [files];
	return list.map((file) => ({
		fileName: String(at(file, 'fileName')),
		mimeType: String(at(file, 'type')),
		content: contentOf(at(file, 'data')),
	}));
}

function contentOf(data: unknown): Buffer {
	const bytes = at(data, 'data');
	return Array.isArray(bytes) ? Buffer.from(bytes) : Buffer.from(String(data), 'latin1');
}

async function textOf(response: Response): Promise<string> {
	const text = await response.text();
	if (!response.ok)
		throw new Error(`${response.url} answered ${response.status}: ${text.slice(-LONGEST_ANSWER)}`);
	return text.trim();
}
