import {
	BINARY_ENCODING,
	type IBinaryData,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';

import { listOutputs, type OutputLink } from '../api/workflows';
import { stopSignal, type FileContext } from '../transport/context';
import { downloadFile } from '../transport/download';
import { isApiError, operationError } from '../basics/nodeErrors';
import { addHint } from '../basics/notes';
import { inParallel, Semaphore } from '../basics/parallel';
import { pause } from '../basics/time';
import type { ComfyControlWorkflow } from '../api/states';
import { toFailure, type FollowedJob, type Job, type JobEnd, type Outcome } from './outcome';
import { namedFile, outputFileName } from './outputFileName';
import type { OutputSettings } from './settings';

// Twenty pictures come in one go. Each takes a connection and a little memory, however large it is.
const FILES_AT_ONCE = 20;

/** Pauses before a file is fetched again by a fresh link. */
const PAUSES_MS = [500, 2_000, 5_000];

/** The hint for links without their files. */
export const LINKS_EXPIRE =
	"The links in the output expire after some minutes. Fetch the files now, or switch on 'Download Outputs'.";

const REACH_STORAGE =
	"Check that your n8n can reach ComfyControl's storage and has room for the file.";

interface OutputFile {
	/** What the item's JSON says of it. */
	about: IDataObject;
	data?: IBinaryData;
}

/** Makes items of a job that has completed. */
export type Collect = (
	job: FollowedJob,
	workflow: ComfyControlWorkflow,
) => Promise<INodeExecutionData[]>;

/** Collects the outputs of several workflows side by side, no more files at once than of a single one. */
export function outputCollector(context: IExecuteFunctions): Collect {
	const files = new Semaphore(FILES_AT_ONCE);
	return async ({ itemIndex, runNumber, settings }, workflow) => {
		if (!settings.downloadOutputs) addHint(context, LINKS_EXPIRE);
		return await collectOutputs(context, { itemIndex, runNumber, workflow }, settings, files);
	};
}

/** What a job's end is for its item: the outputs, or why there are none. */
export async function outcomeOf(
	context: IExecuteFunctions,
	job: FollowedJob,
	end: JobEnd,
	collect: Collect,
): Promise<Outcome> {
	if (!('completed' in end)) return end;
	const { itemIndex, workflow } = job;
	return await collect(job, end.completed).then(
		(items): Outcome => ({ itemIndex, items }),
		(error: unknown) => toFailure(context, error, itemIndex, workflow.id),
	);
}

/**
 * The items for a workflow that has completed: its outputs, downloaded at once because their links
 * expire, into n8n's binary store.
 *
 * @param together what other files take their turns with
 * @throws NodeApiError when the outputs can't be listed
 * @throws NodeOperationError when a file can't be downloaded
 */
export async function collectOutputs(
	context: FileContext,
	{ itemIndex, runNumber, workflow }: Pick<Job, 'itemIndex' | 'runNumber' | 'workflow'>,
	settings: OutputSettings,
	together = new Semaphore(FILES_AT_ONCE),
): Promise<INodeExecutionData[]> {
	const links = await outputLinks(context, workflow.id, itemIndex);
	const wanted = links.map((link, position) => ({
		workflow,
		link,
		position,
		fileName: namedFile(settings.fileName, outputFileName(link.src, position), {
			position,
			runNumber,
		}),
		itemIndex,
	}));
	const files = settings.downloadOutputs
		? await inParallel(wanted, FILES_AT_ONCE, async (file) => {
				const data = await together.pass(async () => await download(context, file));
				return { about: aboutFile(file.link, data), data };
			})
		: wanted.map(({ link: { id, src }, fileName }) => ({ about: { id, fileName, src } }));
	return toItems(workflow, files, settings);
}

async function outputLinks(
	context: FileContext,
	workflowId: string,
	itemIndex: number,
): Promise<OutputLink[]> {
	// The documentation has both: a completed workflow without outputs answers 404, or an empty list.
	return await listOutputs(context, { id: workflowId }, { itemIndex }).catch((error: unknown) =>
		noneIfNotFound(error),
	);
}

function noneIfNotFound(error: unknown): OutputLink[] {
	if (isApiError(error) && error.httpCode === '404') return [];
	throw error;
}

interface WantedFile {
	workflow: ComfyControlWorkflow;
	link: OutputLink;
	/** Its place among the workflow's outputs. */
	position: number;
	fileName: string;
	itemIndex: number;
}

async function download(context: FileContext, wanted: WantedFile): Promise<IBinaryData> {
	const { workflow, position, fileName, itemIndex } = wanted;
	let { link } = wanted;
	let fault = '';
	let advice = REACH_STORAGE;
	for (const pauseMs of [...PAUSES_MS, undefined]) {
		const result = await tryDownload(context, link.src, fileName);
		if ('data' in result) return result.data;
		({ fault, advice = REACH_STORAGE } = result);
		if (pauseMs === undefined || result.isLasting) break;
		await pause(pauseMs, stopSignal(context));
		// The link may have expired: ask for a fresh one, which also ends this when n8n is stopped.
		const links = await outputLinks(context, workflow.id, itemIndex);
		// Two outputs may have one id: the one at its place comes first.
		link = [links.at(position), ...links].find((fresh) => fresh?.id === link.id) ?? link;
	}
	throw operationError(
		context.getNode(),
		{
			message: `The output '${fileName}' of workflow ${workflow.id} could not be downloaded (${fault})`,
			description: `The workflow has completed, and ComfyControl keeps its outputs. ${advice} Then fetch the file with the operation 'Get Outputs' and this ID.`,
		},
		itemIndex,
	);
}

async function tryDownload(context: FileContext, src: string, fileName: string) {
	return await downloadFile(context, src, async ({ stream, mimeType }) => {
		const data = await context.helpers.prepareBinaryData(stream, fileName, mimeType);
		return { ...data, bytes: await storedBytes(context, data) };
	});
}

async function storedBytes(context: FileContext, { id, data }: IBinaryData): Promise<number> {
	if (id === undefined) return Buffer.byteLength(data, BINARY_ENCODING);
	return (await context.helpers.getBinaryMetadata(id)).fileSize;
}

function aboutFile(
	{ id, src }: OutputLink,
	{ fileName, mimeType, bytes }: IBinaryData,
): IDataObject {
	return { id, fileName, mimeType, fileSize: bytes, src };
}

function toItems(
	workflow: ComfyControlWorkflow,
	files: OutputFile[],
	{ downloadOutputs, outputMode, binaryField }: OutputSettings,
): INodeExecutionData[] {
	const json = summaryOf(workflow);
	if (outputMode === 'file' && downloadOutputs && files.length > 0) {
		return files.map(({ about, data }) => ({
			json: { ...json, outputs: [about] },
			...(data && { binary: { [binaryField]: data } }),
		}));
	}
	const outputs = files.map(({ about }) => about);
	const downloaded = files.flatMap(({ data }) => data ?? []);
	if (downloaded.length === 0) return [{ json: { ...json, outputs } }];
	const named = downloaded.map((data, position) => [fieldName(binaryField, position), data]);
	return [{ json: { ...json, outputs }, binary: Object.fromEntries(named) }];
}

function fieldName(binaryField: string, position: number): string {
	return position === 0 ? binaryField : `${binaryField}_${position}`;
}

/** What is handed on of a finished workflow. */
// The same fields whether the workflow was seen in a list or by itself, without its large definition.
export function summaryOf(workflow: ComfyControlWorkflow): IDataObject {
	const { id, name, status, tags, created_at, updated_at, started_at, completed_at } = workflow;
	return { id, name, status, tags, created_at, updated_at, started_at, completed_at };
}
