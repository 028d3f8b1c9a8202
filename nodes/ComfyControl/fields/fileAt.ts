import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import type { Checked } from '../basics/problem';
import { readOnce } from '../basics/remembered';
import { fileInAnswer, fileInDataUrl, notFetched, webAddressIn } from '../parameters/fileAddress';
import { MAX_REQUEST_BYTES } from '../parameters/size';
import { fetchFile } from '../transport/fetchFile';

type Files = (address: string, itemIndex: number) => Promise<Checked<IBinaryData>>;

const filesOf = new WeakMap<IExecuteFunctions, Files>();

/**
 * The file at an address, or in a data URL, brought to where n8n keeps its files: once, however many items
 * and parameters name it.
 *
 * @throws ManualExecutionCancelledError when the execution is stopped
 */
export async function fileAt(
	context: IExecuteFunctions,
	address: string,
	itemIndex: number,
): Promise<Checked<IBinaryData>> {
	const files = filesOf.get(context) ?? readOnce(async (one) => await bring(context, one));
	filesOf.set(context, files);
	return await files(address.trim(), itemIndex);
}

async function bring(context: IExecuteFunctions, address: string): Promise<Checked<IBinaryData>> {
	const url = webAddressIn(address);
	if (url === undefined) {
		const { bytes, mimeType } = fileInDataUrl(address);
		return { value: await context.helpers.prepareBinaryData(bytes, undefined, mimeType) };
	}
	if ('problem' in url) return url;
	const fetched = await fetchFile(context, url.value, MAX_REQUEST_BYTES, (answer) =>
		fileInAnswer(answer, url.value),
	);
	if ('fault' in fetched) return { problem: notFetched(fetched.fault, fetched.block) };
	return 'problem' in fetched ? fetched : { value: withExtension(fetched.value) };
}

// Nodes of ComfyUI go by it.
function withExtension(file: IBinaryData): IBinaryData {
	const { fileName = '', fileExtension } = file;
	if (!fileExtension || fileName.endsWith(`.${fileExtension}`)) return file;
	return { ...file, fileName: `${fileName}.${fileExtension}` };
}
