import { isRecord } from '../basics/guards';
import { MultipartBody, type FormPart } from '../transport/multipart';
import { endpoint, isAnything, isEntity, listEndpoint, type ById, type Entity } from './endpoint';
import { jsonFile } from './jsonFile';

const noun = 'workflow';
const path = '/v1/workflow';
const ofOne = `${path}/{id}`;

/** What a workflow that has not run before is started with. */
export interface FirstRun {
	name: string;
	tags: string[];
	/** The workflow's JSON. */
	definition: string;
	parameters: FormPart[];
}

/** What the API tells of an output. */
export interface OutputLink {
	id: string;
	/** Signed, and good for some minutes. */
	src: string;
}

/** Starts a workflow that has not run before. */
export const createWorkflow = endpoint({
	method: 'POST',
	path,
	page: 'workflows/create',
	noun,
	startsWorkflow: true,
	content: (firstRun: FirstRun) => ({ body: new MultipartBody(firstRunForm(firstRun)) }),
	isExpected: isEntity,
});

/** The parts of the form that a new workflow is sent in. */
export function firstRunForm({ name, tags, definition, parameters }: FirstRun): FormPart[] {
	const heading: FormPart[] = [{ field: 'name', text: name }];
	if (tags.length > 0) heading.push({ field: 'tags', text: tags.join(',') });
	return [...heading, jsonFile('workflow_json', definition), ...parameters];
}

export const listWorkflows = listEndpoint({ path, page: 'workflows/list', noun }, 'workflows');

/** Reads a workflow with all its details. */
export const getWorkflow = endpoint<ById, Entity>({
	method: 'GET',
	path: ofOne,
	page: 'workflows/get',
	noun,
	isExpected: isEntity,
});

/** Lists the outputs of a workflow that has completed. Without outputs it may answer 404. */
export const listOutputs = endpoint<ById, OutputLink[]>({
	method: 'GET',
	path: `${ofOne}/outputs`,
	page: 'workflows/outputs',
	noun,
	isExpected: isOutputList,
});

/** Runs a past workflow again. */
export const rerunWorkflow = endpoint({
	method: 'POST',
	path: `${ofOne}/rerun`,
	page: 'workflows/rerun',
	noun,
	startsWorkflow: true,
	content: ({ parts }: ById & { parts: FormPart[] }) => ({ body: new MultipartBody(parts) }),
	isExpected: isEntity,
});

/**
 * Asks ComfyControl to cancel a workflow. That may take it a few seconds. It answers 400 when the
 * workflow is not queued yet, or has ended.
 */
export const cancelWorkflow = endpoint<ById, unknown>({
	method: 'POST',
	path: `${ofOne}/cancel`,
	page: 'workflows/cancel',
	noun,
	isExpected: isAnything,
});

function isOutputList(body: unknown): body is OutputLink[] {
	return Array.isArray(body) && body.every(isOutputLink);
}

function isOutputLink(output: unknown): output is OutputLink {
	return isRecord(output) && typeof output.id === 'string' && typeof output.src === 'string';
}
